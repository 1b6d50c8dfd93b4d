internal import QuorumPolicy

/// Anything that nodes store and forward: all items are one compact JWS each.
public enum Item: Hashable, Sendable {
    case statement(Statement)
    indirect case order(Order)
    indirect case keyProof(KeyProof)

    /// Reads a compact JWS of any kind by its header's `typ`; no signature is checked.
    public init(decoding text: String) throws(StatementError) {
        let jws = try CompactJWS(decoding: text)
        switch jws.header.typ {
        case Order.typ: self = .order(try Order(jws))
        case KeyProof.typ: self = .keyProof(try KeyProof(jws))
        default:
            guard StatementKind(typ: jws.header.typ) != nil else { throw Item.unknown(jws.header.typ) }
            self = .statement(try Statement(jws))
        }
    }

    /// SHA-256 of the signing input.
    public var id: StatementID {
        switch self {
        case .statement(let statement): statement.id
        case .order(let order): order.id
        case .keyProof(let proof): proof.id
        }
    }

    /// The compact JWS, ASCII, as received.
    public var text: String {
        switch self {
        case .statement(let statement): statement.text
        case .order(let order): order.text
        case .keyProof(let proof): proof.text
        }
    }

    /// The header's `typ` of every item that this version reads.
    public static let typs = StatementKind.allCases.map(\.typ) + [Order.typ, KeyProof.typ]

    private static func unknown(_ typ: String) -> StatementError {
        .unknownKind(typ, suggestion: suggestion(for: typ, among: typs))
    }
}

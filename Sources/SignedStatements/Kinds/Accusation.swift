public import CryptoPrimitives
public import QuorumPolicy

/// A party's word that another has committed an offence, and that these statements prove it (Protocol §7.10).
///
/// It makes the accuser answer for it: if what it names does not prove the offence, the accuser has accused falsely.
public struct Accusation: StatementContent {
    /// The party that is said to have committed it.
    public let accused: PartyName
    public let offence: Offence
    /// The motion that it is about; nil where there is none.
    public let motion: StatementID?
    /// ``MisconductProof/digest(of:)`` of all statements that prove it, those of others included.
    public let proof: Bytes32
    /// The statements of the accused, ascending, at most ``StatementLimits/accusedStatements``.
    public let statements: [StatementID]

    public init(
        accused: PartyName,
        offence: Offence,
        motion: StatementID?,
        proof: Bytes32,
        statements: [StatementID]
    ) {
        self.accused = accused
        self.offence = offence
        self.motion = motion
        self.proof = proof
        self.statements = statements
    }

    static let kind = StatementKind.accusation

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "accused": .name(accused),
            "motion": .digest(orNone: motion),
            "offence": .string(offence.rawValue),
            "proof": .hex(proof),
            "statements": .array(statements.map { .digest($0) }),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        accused = try reader.partyName("accused")
        motion = try reader.digestOrNone("motion")
        offence = try reader.word("offence")
        proof = try reader.digestBytes("proof")
        statements = try reader.strings(
            "statements",
            count: 1...StatementLimits.accusedStatements,
            of: "64 lower-case hexadecimal digits"
        ) { StatementID($0) }
        guard zip(statements, statements.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw reader.invalid("statements", "is not ascending, or names a statement twice")
        }
    }
}

/// What names a set of statements, whatever their order.
public enum MisconductProof {
    private static let tag = Array("STANDSTILL-PROOF-v1".utf8)

    /// SHA-256 over "STANDSTILL-PROOF-v1" and the ids, ascending, each once (Protocol §7.10).
    public static func digest(of statements: some Sequence<StatementID>) -> Bytes32 {
        var input = tag
        var last: StatementID?
        for id in statements.sorted() where id != last {
            input += id.bytes.array
            last = id
        }
        return SHA256.hash(input)
    }
}

public import QuorumPolicy

/// Why a statement, an order or a piece of canonical JSON was refused.
///
/// Before a signature is checked nobody can be blamed, so that those cases say where the fault is; the others name the
/// party or the rule.
public enum StatementError: Error, Hashable, Sendable {
    /// What is wrong with a JSON text.
    public enum JSONFault: Hashable, Sendable {
        case unexpectedByte
        case unexpectedEnd
        case trailingBytes
        case notCanonical
        case negativeNumber
        case numberTooLarge
        case fraction
        case null
        case tooDeep
        case controlCharacter
        case needlessEscape
        case notUTF8
        case nameNotASCII
        case repeatedMember(String)
        case unsortedMember(String)
    }

    /// What is wrong with the three parts of a compact JWS.
    public enum CompactFault: Hashable, Sendable {
        case parts(Int)
        case headerEncoding
        case headerMembers
        case algorithm(String)
        case keyIdentifier
        case payloadEncoding
        case signatureEncoding
    }

    /// A text longer than its kind allows, in bytes.
    case tooLarge(count: Int, limit: Int)
    /// A text that is not canonical JSON, with the 0-based byte.
    case json(JSONFault, byte: Int)
    /// A text that is not a compact JWS of the one accepted form.
    case compact(CompactFault)
    /// A header `typ` that no item of this protocol has.
    case unknownKind(String, suggestion: String?)
    /// An item of another kind than the caller asked for.
    case wrongKind(found: String, expected: String)
    /// A member that has to be there.
    case missingMember(String)
    /// A member that must not be there.
    case unknownMember(String)
    /// A member whose value is not what it must be.
    case invalidMember(String, reason: String)
    /// A statement by somebody who is not a party of the charter.
    case unknownParty(PartyName)
    /// A statement under another charter than ours.
    case wrongCharter(PartyName, found: CharterID, expected: CharterID)
    /// A signature that the party's identity key did not make.
    case wrongSignature(PartyName)
    /// A signing key that is not the party's.
    case wrongSigningKey(PartyName)
    /// An order or key proof whose header names another group key, by thumbprint.
    case wrongGroupKey(found: String, expected: String)
    /// A signature that the group key of this rule did not make.
    case wrongGroupSignature(RuleName)
    /// A value that the charter does not allow; the member, and what the charter says.
    case refusedByCharter(PartyName, member: String, reason: String)
}

extension StatementError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let count, let limit): "text of \(count) bytes: at most \(limit) are accepted"
        case .json(let fault, let byte): "\(fault) at byte \(byte)"
        case .compact(let fault): "\(fault)"
        case .unknownKind(let kind, let suggestion?): "unknown kind \"\(kind)\": did you mean \"\(suggestion)\"?"
        case .unknownKind(let kind, nil): "unknown kind \"\(kind)\": this version does not read it"
        case .wrongKind(let found, let expected): "item of kind \"\(found)\" where \"\(expected)\" is expected"
        case .missingMember(let path): "member \"\(path)\" is missing"
        case .unknownMember(let path): "member \"\(path)\" does not belong here"
        case .invalidMember(let path, let reason): "member \"\(path)\" \(reason)"
        case .unknownParty(let party): "\(party) is not a party of this charter"
        case .wrongCharter(let party, let found, let expected):
            "statement of \(party) belongs to charter \(found), not to \(expected)"
        case .wrongSignature(let party): "signature is not by the identity key of \(party)"
        case .wrongSigningKey(let party):
            "signing key is not the identity key of \(party): use the seed that the charter's key was made from"
        case .wrongGroupKey(let found, let expected): "item names group key \(found), not \(expected)"
        case .wrongGroupSignature(let rule): "signature is not by the group key of rule \(rule)"
        case .refusedByCharter(let party, let member, let reason):
            "\(party) set member \"\(member)\" to a value that the charter refuses: it \(reason)"
        }
    }
}

extension StatementError.JSONFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unexpectedByte: "unexpected byte"
        case .unexpectedEnd: "unexpected end of the text"
        case .trailingBytes: "something follows the value"
        case .notCanonical: "spelling is not the canonical one"
        case .negativeNumber: "negative number"
        case .numberTooLarge: "number above \(CanonicalJSON.Limits.integer)"
        case .fraction: "number with a fraction or an exponent"
        case .null: "null"
        case .tooDeep: "more than \(CanonicalJSON.Limits.depth) values inside each other"
        case .controlCharacter: "control character in a string"
        case .needlessEscape: "escape that the canonical spelling does not use"
        case .notUTF8: "string that is not UTF-8"
        case .nameNotASCII: "member name that is not ASCII"
        case .repeatedMember(let name): "repeated member \"\(name)\""
        case .unsortedMember(let name): "member \"\(name)\" out of order"
        }
    }
}

extension StatementError.CompactFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .parts(let count): "compact JWS with \(count) parts instead of 3"
        case .headerEncoding: "header is not unpadded base64url"
        case .headerMembers: "header does not consist of exactly alg, kid and typ"
        case .algorithm(let name): "algorithm \"\(name)\" in the header: only EdDSA is accepted"
        case .keyIdentifier: "kid in the header does not name the signer of the payload"
        case .payloadEncoding: "payload is not unpadded base64url"
        case .signatureEncoding: "signature is not 64 bytes in unpadded base64url"
        }
    }
}

import CryptoPrimitives
import QuorumPolicy
import TestSupport

@testable import SignedStatements

/// The fictional charter of the specification, with keys that follow from the parties' names.
enum Pilot {
    static let labs = ["lab.aster", "lab.borealis", "lab.cygnus", "lab.dorado", "lab.eridani"]
    static let governments = ["gov.arland", "gov.borovia", "gov.cadia", "gov.union"]
    static let observer = "ngo.watch"

    static let text: String = {
        """
        standstill-charter v1
        # A charter for tests; every party is fictional.
        title       "Pilot charter for a coordinated pause of frontier training"
        network     frontier-pause-pilot
        version     1
        previous    none
        expires     2027-12-01T00:00:00Z

        annex       A sha256:\(String(repeating: "5b", count: 32)) "Memorandum of understanding, 9 February 2026"
        class       lab         "frontier AI developer"
        class       government  "government"
        class       observer    "receives everything, decides nothing"
        \(partyLines)
        tag         lab.aster   jurisdiction=Arland hosting=own
        group       labs          4   \(labs.joined(separator: " "))
        group       governments   3   \(governments.joined(separator: " "))
        group       both          all labs governments
        rule        decide      both
        rule        record      both
        action      start       decide   at-most 90d
        action      renew       decide   at-most 90d
        action      lift        decide
        opening     self
        limit       fault-bound       2
        limit       commit-window     10m..14d
        limit       clock-tolerance   2m

        """
    }()

    private static let read = Result { try Charter(Array(text.utf8)) }

    static func charter() throws -> Charter { try read.get() }

    static func party(_ name: String) throws -> PartyName { try PartyName(name) }

    static func rule(_ name: String) throws -> RuleName { try RuleName(name) }

    static func signingKey(of party: String) -> Ed25519SigningKey {
        Ed25519SigningKey(seed: seed(party, "identity"))
    }

    /// The key that stands in for a rule's group key: one signer instead of many makes the same kind of signature.
    static let groupKeyOwner = "group of decide"

    static func instant(_ text: String) throws -> Instant {
        guard let instant = Instant(text) else { throw Missing() }
        return instant
    }

    static func seconds(_ text: String) throws -> Seconds {
        guard let seconds = Seconds(text) else { throw Missing() }
        return seconds
    }

    static func plain(_ text: String) throws -> PlainText {
        guard let plain = PlainText(text) else { throw Missing() }
        return plain
    }

    static func bytes32(_ label: String) -> Bytes32 { SHA256.hash(Array(label.utf8)) }

    static func bytes(_ count: Int, _ label: String) -> [UInt8] {
        var random = SeededRandom(seed: UInt64(label.utf8.reduce(7) { $0 &* 31 &+ Int($1) & 0xFFFF_FFFF }))
        return random.bytes(count: count)
    }

    static func id(_ label: String) -> StatementID { StatementID(bytes32(label)) }

    static func transcript(_ label: String) throws -> TranscriptDigest {
        guard let digest = TranscriptDigest(SHA512.hash(Array(label.utf8))) else { throw Missing() }
        return digest
    }

    struct Missing: Error {}

    static func seed(_ party: String, _ use: String) -> SecretBytes {
        SecretBytes(copying: SHA256.hash(Array("\(party) \(use)".utf8)).array)
    }

    static func party(_ name: String, legalName: String) throws -> CharterText.Party {
        CharterText.Party(
            name: try PartyName(name),
            identityKey: signingKey(of: name).publicKey,
            transportKey: X25519.publicKey(of: seed(name, "transport")),
            ceremonyKey: Ed25519SigningKey(seed: seed(name, "ceremony")).publicKey,
            legalName: try plain(legalName)
        )
    }

    static func keys(of name: String) -> String {
        let identity = Base64URL.encode(signingKey(of: name).publicKey.bytes.array)
        let transport = Base64URL.encode(X25519.publicKey(of: seed(name, "transport")).array)
        let ceremony = Base64URL.encode(Ed25519SigningKey(seed: seed(name, "ceremony")).publicKey.bytes.array)
        return "ed25519:\(identity) x25519:\(transport) ceremony:\(ceremony)"
    }

    private static var partyLines: String {
        let classes = [(labs, "lab"), (governments, "government"), ([observer], "observer")]
        let lines = classes.flatMap { names, partyClass in
            names.map { "party       \($0)  \(partyClass)  \(keys(of: $0)) \"Legal name of \($0)\"" }
        }
        return lines.joined(separator: "\n")
    }
}

internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// A charter as JSON; names of members are part of the command's interface.
struct CharterSummary: Encodable {
    struct Party: Encodable {
        let name: String
        let partyClass: String
        let isVoter: Bool
        let legalName: String
        let tags: [String: String]
        let ed25519: String
        let x25519: String
        let ceremony: String
    }

    struct Rule: Encodable {
        let name: String
        let requirement: String
        /// The threshold over parties in canonical form.
        let policy: String
        let hasKey: Bool
    }

    struct Action: Encodable {
        let action: String
        let rule: String
        /// Empty without a limit.
        let atMost: String
    }

    struct Annex: Encodable {
        let label: String
        let sha256: String
        let title: String
    }

    let charter: String
    let title: String
    let network: String
    let version: Int
    /// "none" for version 1.
    let previous: String
    let expires: String
    let annexes: [Annex]
    let parties: [Party]
    let rules: [Rule]
    let actions: [Action]
    let faultBound: Int
    let commitWindow: [String]
    let clockTolerance: String
    let openMotions: Int
    /// Empty where nobody can vote in advance.
    let standingNotice: String
    /// What `charter show` prints, one sentence each.
    let prose: [String]

    init(_ charter: Charter) {
        self.charter = charter.id.description
        title = charter.title.text
        network = charter.network
        version = charter.version
        previous = charter.previous?.description ?? "none"
        expires = charter.expires.description
        annexes = charter.annexes.map { Annex(label: $0.label, sha256: $0.digest.description, title: $0.title.text) }
        parties = charter.parties.map { party in
            Party(
                name: party.name.text,
                partyClass: party.partyClass.text,
                isVoter: charter.voters.contains(party.name),
                legalName: party.legalName.text,
                tags: Dictionary(party.tags.map { ($0.key, $0.value) }) { $1 },
                ed25519: Base64URL.encode(party.identityKey.bytes.array),
                x25519: Base64URL.encode(party.transportKey.array),
                ceremony: Base64URL.encode(party.ceremonyKey.bytes.array)
            )
        }
        rules = charter.rules.map { rule in
            Rule(
                name: rule.name.text,
                requirement: charter.requirement(of: rule),
                policy: rule.tree.canonicalText,
                hasKey: charter.keyedRules.contains(rule)
            )
        }
        actions = charter.actions.map {
            Action(action: $0.action.rawValue, rule: $0.rule.text, atMost: $0.atMost?.description ?? "")
        }
        faultBound = charter.limits.faultBound
        commitWindow = [
            charter.limits.commitWindow.lowerBound.description, charter.limits.commitWindow.upperBound.description,
        ]
        clockTolerance = charter.limits.clockTolerance.description
        openMotions = charter.limits.openMotions
        standingNotice = charter.limits.standingNotice?.description ?? ""
        prose = charter.prose().split(separator: "\n").map(String.init)
    }
}

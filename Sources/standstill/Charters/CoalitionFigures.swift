internal import QuorumPolicy
internal import SignedStatements

/// Who can act and who can stop it under a rule or a whole procedure; names of members are part of the command's interface.
struct CoalitionFigures: Encodable {
    /// Sets of parties that differ only in who stands for whom.
    struct Sets: Encodable {
        /// `any 2 of a, b, c together with d`.
        let description: String
        let size: Int
        /// How many sets there are of this form.
        let count: String
        let example: [String]
    }

    /// What the parties of one tag's values can do together.
    struct Tag: Encodable {
        let key: String
        /// The fewest values whose parties can act, and can stop it; a party without the tag, or
        /// with the value `own`, counts by itself.
        let fewestToAct: String
        let fewestToStop: String
    }

    /// What a class contributes.
    struct PartyClass: Encodable {
        let name: String
        let parties: Int
        /// The fewest of the class in any set that can act.
        let fewestToAct: String
        /// The fewest of the class that can stop it by themselves; "none can" if even all cannot.
        let fewestToStop: String
    }

    /// One party's power; exact, and rounded to four places where that is said.
    struct Power: Encodable {
        let party: String
        let swings: String
        let banzhaf: String
        let banzhafRounded: String
        let decisiveRounded: String
        let shapleyShubik: String
        let shapleyShubikRounded: String
    }

    /// Whether counts, overlap and power are exact; if not, some are bounds and some are "too many to count".
    let isExact: Bool
    let parties: Int
    /// Sets of parties that can act, out of all `sets`.
    let quorums: String
    let sets: String
    let smallestQuorum: String
    let minimalQuorums: String
    let smallestBlockingSet: String
    let minimalBlockingSets: String
    let crashTolerance: String
    let overlap: String
    /// Two sets that can act with as few common parties; empty if only bounds are known.
    let overlapExample: [[String]]
    let act: [Sets]
    let stop: [Sets]
    let veto: [String]
    let withoutSay: [String]
    /// Tags whose parties can act by themselves, and can stop it.
    let canAct: [String]
    let canStop: [String]
    let tags: [Tag]
    let classes: [PartyClass]
    /// Empty if finding it would take too long.
    let power: [Power]

    /// The value of a tag that parties do not share by having it too, as in `hosting=own`.
    private static let ownValue = "own"

    static let uncounted = "too many to count"

    init(_ procedure: Procedure, of charter: Charter) {
        let analysis = CoalitionAnalysis(procedure)
        parties = procedure.parties.count
        quorums = analysis?.quorumCount.description ?? Self.uncounted
        sets = Natural.powerOfTwo(procedure.parties.count).description
        smallestQuorum = analysis?.smallestQuorum.description ?? procedure.smallestQuorum().description
        smallestBlockingSet = analysis?.smallestBlockingSet.description ?? procedure.smallestBlockingSet().description
        crashTolerance =
            analysis.map { "\($0.smallestBlockingSet - 1)" }
            ?? procedure.tolerance(of: procedure.parties)?.description ?? "0"
        minimalQuorums = analysis?.minimalQuorumCount.description ?? Self.uncounted
        minimalBlockingSets = analysis?.minimalBlockingSetCount.description ?? Self.uncounted
        act = (analysis?.quorums ?? []).map(Self.sets)
        stop = (analysis?.blockingSets ?? []).map(Self.sets)
        let shared = ProcedureOverlap(procedure, procedure)
        overlap = shared.fewest.description
        overlapExample = shared.example.map { [$0.first.map(\.text), $0.second.map(\.text)] } ?? []
        veto = procedure.partiesWithVeto.map(\.text)
        let silent = analysis?.partiesWithoutSay ?? PartySet(procedure.rules.flatMap { Array($0.partiesWithoutSay) })
        withoutSay = charter.partyNames.subtracting(procedure.parties).union(silent).map(\.text)
        let tagged = charter.taggedParties
        let groups = tagged.flatMap { tag in
            tag.value.filter { $0.value.count > 1 && $0.key != Self.ownValue }
                .map { (name: "\(tag.key)=\($0.key)", parties: $0.value) }
        }
        canAct = groups.filter { procedure.isSatisfied(by: $0.parties) }.map(\.name)
        canStop = groups.filter { procedure.isBlocked(by: $0.parties) }.map(\.name)
        tags = tagged.keys.map { Self.tag($0, procedure, charter) }
        classes = charter.classes.compactMap { Self.partyClass($0.name, procedure, charter) }
        power = (procedure.power() ?? []).map(Self.power)
        isExact = analysis != nil && shared.fewest.exact != nil && !power.isEmpty
    }

    static func sets(_ profile: CoalitionProfile) -> Sets {
        Sets(
            description: profile.words,
            size: profile.size,
            count: profile.setCount.description,
            example: profile.example.map(\.text)
        )
    }

    private static func tag(_ key: String, _ procedure: Procedure, _ charter: Charter) -> Tag {
        Tag(
            key: key,
            fewestToAct: procedure.smallestQuorum { sharedValue($0, key, charter) }.description,
            fewestToStop: procedure.smallestBlockingSet { sharedValue($0, key, charter) }.description
        )
    }

    private static func sharedValue(_ party: PartyName, _ key: String, _ charter: Charter) -> String? {
        charter.party(party)?.tags[key].flatMap { $0 == ownValue ? nil : $0 }
    }

    private static func partyClass(_ name: PartyName, _ procedure: Procedure, _ charter: Charter) -> PartyClass? {
        let members = charter.members(of: name).intersection(procedure.parties)
        guard !members.isEmpty else { return nil }
        return PartyClass(
            name: name.text,
            parties: members.count,
            fewestToAct: procedure.fewest(of: members).description,
            fewestToStop: procedure.fewestToStop(of: members)?.description ?? "none can"
        )
    }

    private static func power(_ power: PartyPower) -> Power {
        Power(
            party: power.party.text,
            swings: power.swings.description,
            banzhaf: power.banzhaf.description,
            banzhafRounded: power.banzhaf.rounded(places: 4),
            decisiveRounded: power.decisive.rounded(places: 4),
            shapleyShubik: power.shapleyShubik.description,
            shapleyShubikRounded: power.shapleyShubik.rounded(places: 4)
        )
    }
}

extension CoalitionProfile {
    /// `any 2 of a, b, c together with d`.
    var words: String {
        parts.map { part in
            let names = Self.list(part.parties)
            return part.count == part.parties.count ? names : "any \(part.count) of \(names)"
        }.joined(separator: " together with ")
    }

    /// Long lists are told by their ends.
    private static func list(_ parties: [PartyName]) -> String {
        guard parties.count > 12, let first = parties.first, let last = parties.last else {
            return parties.map(\.text).joined(separator: ", ")
        }
        return "the \(parties.count) parties from \(first) to \(last)"
    }
}

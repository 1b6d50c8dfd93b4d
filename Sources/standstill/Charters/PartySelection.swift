internal import QuorumPolicy
internal import SignedStatements

/// Parties as people name them: by name, by class, by group or by tag, separated by commas.
struct PartySelection {
    let parties: PartySet

    /// Reads the values of one option; an unknown name is refused with the nearest known one.
    init(_ values: [String], option: String, of charter: Charter) throws(CommandFailure) {
        var parties = PartySet()
        for value in values {
            for word in value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
                parties = parties.union(try Self.parties(word, option, charter))
            }
        }
        self.parties = parties
    }

    private static func parties(_ word: String, _ option: String, _ charter: Charter) throws(CommandFailure) -> PartySet
    {
        if let name = try? PartyName(word) {
            if charter.party(name) != nil { return [name] }
            if charter.classes.contains(where: { $0.name == name }) { return charter.members(of: name) }
            if let group = charter.groups.first(where: { $0.name == name }) { return group.tree.parties }
        }
        let tagged = charter.taggedParties.flatMap { tag in
            tag.value.map { (name: "\(tag.key)=\($0.key)", parties: $0.value) }
        }
        if let tag = tagged.first(where: { $0.name == word }) { return tag.parties }
        let known =
            charter.parties.map(\.name.text) + charter.classes.map(\.name.text) + charter.groups.map(\.name.text)
            + tagged.map(\.name)
        throw CommandFailure(
            "\(option): the charter has no party, class, group or tag \"\(word)\"",
            hint: suggestion(for: word, among: known).map { "did you mean \"\($0)\"?" }
                ?? "`standstill charter show` lists the parties",
            exitStatus: ExitStatus.usage
        )
    }
}

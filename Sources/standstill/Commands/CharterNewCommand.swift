internal import ArgumentParser
internal import CryptoPrimitives
internal import SignedStatements

/// Writes a charter from classes, thresholds and parties.
struct CharterNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a charter from classes, thresholds and parties.",
        discussion: """
            Every class gets a group, and the rule needs all of them. A charter whose rules would let two orders \
            contradict each other, or one class act alone, is refused with an example. Edit the file afterwards if need \
            be, and run `standstill charter check` on it.
            """
    )

    @Option(help: "The charter's title.")
    var title: String

    @Option(help: "The network's name: 1 to 64 characters of a-z, 0-9 and -.")
    var network: String

    @Option(help: ArgumentHelp("When the charter ends, such as 2027-12-01T00:00:00Z.", valueName: "instant"))
    var expires: String

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp(
            "A class of parties and how many of them must agree, or none; may be repeated.",
            valueName: "name:threshold:description"
        )
    )
    var classes: [String] = []

    @Option(
        name: .customLong("party"),
        help: ArgumentHelp(
            #"A party: NAME CLASS ed25519:... x25519:... ceremony:... "Legal name" [key=value ...]; may be repeated."#,
            valueName: "line"
        )
    )
    var parties: [String] = []

    @Option(name: .customLong("parties"), help: ArgumentHelp("A file with such lines.", valueName: "file"))
    var partiesFile: String?

    @Option(
        name: .customLong("annex"),
        help: ArgumentHelp("A document of the charter by its file; may be repeated.", valueName: "label:path:title")
    )
    var annexes: [String] = []

    @Option(
        help: ArgumentHelp(
            "guaranteed: a quorum opens every sealed ballot; self: each party opens its own, or stays silent.",
            valueName: "guaranteed|self"
        )
    )
    var opening = Charter.OpeningMode.guaranteed.rawValue

    @Option(help: ArgumentHelp("How many lying parties the rules must survive.", valueName: "number"))
    var faultBound = 0

    @Option(help: ArgumentHelp("The shortest and the longest time for voting.", valueName: "length..length"))
    var commitWindow = "10m..14d"

    @Option(help: ArgumentHelp("How far two honest clocks may be apart.", valueName: "length"))
    var clockTolerance = "2m"

    @Option(help: ArgumentHelp("The longest time one order may last.", valueName: "length"))
    var atMost: String?

    @Option(
        help: ArgumentHelp(
            "Let parties vote in advance; how long a standing ballot binds after it was taken back.",
            valueName: "length"
        )
    )
    var standingNotice: String?

    @Option(
        name: [.customLong("output"), .customShort("o")],
        help: ArgumentHelp("Write to a new file.", valueName: "file")
    )
    var output: String?

    func run() async throws {
        let text = try text()
        let charter: Charter
        do throws(CharterError) {
            charter = try text.charter()
        } catch {
            throw CommandFailure(
                "this would not be a charter: \(error)",
                hint: "the line is counted in the charter that would be written; change the options that it comes from",
                exitStatus: ExitStatus.data
            )
        }
        if let output {
            try NewFile.create(output, charter.bytes)
        } else {
            Console.file(charter.bytes)
        }
        Console.people(
            """
            charter \(charter.id)
            next: send the file to every party; each reads `standstill charter show`, compares the id, and ratifies
            """
        )
    }

    private func text() throws -> CharterText {
        guard let title = PlainText(title) else {
            throw CommandFailure.invalid("--title", title, "a line of plain text")
        }
        guard let expires = Instant(expires) else {
            throw CommandFailure.invalid("--expires", expires, "an instant such as 2027-12-01T00:00:00Z")
        }
        guard expires > Clock.now else {
            let expected = "in the future: under a charter that has ended nothing can be ordered"
            throw CommandFailure.invalid("--expires", "\(expires)", expected)
        }
        guard let opening = Charter.OpeningMode(rawValue: opening) else {
            throw CommandFailure.invalid("--opening", opening, "guaranteed or self")
        }
        var text = CharterText(
            title: title,
            network: network,
            expires: expires,
            classes: try draft().classes,
            opening: opening,
            commitWindow: try window(),
            clockTolerance: try Self.length("--clock-tolerance", clockTolerance)
        )
        text.faultBound = faultBound
        text.atMost = try atMost.map { try Self.length("--at-most", $0) }
        text.standingNotice = try standingNotice.map { try Self.length("--standing-notice", $0) }
        text.annexes = try annexes.map(Self.annex)
        return text
    }

    private func draft() throws(CommandFailure) -> CharterDraft {
        var draft = CharterDraft()
        for text in classes { try draft.add(partyClass: text) }
        guard draft.classes.contains(where: { $0.threshold != nil }) else {
            throw CommandFailure(
                "no class decides anything",
                hint: "give at least one --class with a threshold, such as lab:5:laboratory",
                exitStatus: ExitStatus.usage
            )
        }
        for text in parties { try draft.add(party: text, from: "--party") }
        if let partiesFile {
            let bytes = try InputFile.read(partiesFile, limit: CharterLimits.size)
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
                try draft.add(party: String(line), from: "\(partiesFile), line \(index + 1)")
            }
        }
        return draft
    }

    private func window() throws(CommandFailure) -> ClosedRange<Seconds> {
        let expected = "two lengths of time, the shorter first, such as 10m..14d"
        guard let dots = commitWindow.firstRange(of: "..") else {
            throw CommandFailure.invalid("--commit-window", commitWindow, expected)
        }
        let low = try Self.length("--commit-window", String(commitWindow[..<dots.lowerBound]))
        let high = try Self.length("--commit-window", String(commitWindow[dots.upperBound...]))
        guard low <= high else { throw CommandFailure.invalid("--commit-window", commitWindow, expected) }
        return low...high
    }

    private static func length(_ option: String, _ text: String) throws(CommandFailure) -> Seconds {
        guard let length = Seconds(text) else {
            throw CommandFailure.invalid(
                option,
                text,
                "a whole number of the largest unit that fits, such as 90d, 2h, 10m or 30s"
            )
        }
        return length
    }

    private static func annex(_ text: String) throws(CommandFailure) -> Charter.Annex {
        let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
        guard parts.count == 3, let title = PlainText(parts[2]) else {
            throw CommandFailure.invalid(
                "--annex",
                text,
                "label:path:title, such as A:memorandum.pdf:Memorandum of understanding"
            )
        }
        let digest: Bytes32 = SHA256.hash(try InputFile.read(parts[1], limit: longestAnnex))
        return Charter.Annex(label: parts[0], digest: digest, title: title)
    }

    /// Bytes of a document that is hashed here: 256 MiB.
    private static let longestAnnex = 256 << 20
}

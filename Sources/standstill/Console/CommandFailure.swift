internal import ArgumentParser
internal import Foundation
internal import NodeNetwork
internal import NodeService
internal import NodeStore
internal import PauseAgreement
internal import PauseEvidence
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// The exit statuses of the command, after BSD `sysexits`; 0 is success, 10 to 14 are verdicts on orders.
enum ExitStatus {
    /// The node, the protocol or a check says no.
    static let refused: Int32 = 1
    /// The command line cannot be understood.
    static let usage: Int32 = 64
    /// A file's content cannot be used.
    static let data: Int32 = 65
    /// A file cannot be read.
    static let noInput: Int32 = 66
    /// No node answers.
    static let unavailable: Int32 = 69
    /// A file cannot be written, or is there already.
    static let cannotCreate: Int32 = 73
    /// Output cannot be written.
    static let inputOutput: Int32 = 74
    /// A signal ended it, as shells number SIGINT.
    static let interrupted: Int32 = 130
}

/// Why a command did not do what was asked, what to do about it, and with which status it ends.
struct CommandFailure: Error {
    let what: String
    let hint: String?
    let exitStatus: Int32

    init(_ what: String, hint: String? = nil, exitStatus: Int32 = ExitStatus.refused) {
        self.what = what
        self.hint = hint
        self.exitStatus = exitStatus
    }

    /// Parts a text that says what is wrong and then, after a mark, what to do.
    init(parting text: String, at marks: [String] = ["\nhint: ", "; hint: "], exitStatus: Int32) {
        for mark in marks {
            guard let range = text.firstRange(of: mark) else { continue }
            let hint = String(text[range.upperBound...])
            self.init(String(text[..<range.lowerBound]), hint: hint, exitStatus: exitStatus)
            return
        }
        self.init(text, exitStatus: exitStatus)
    }

    /// The value of an option is of no use.
    static func invalid(_ option: String, _ text: String, _ expected: String) -> CommandFailure {
        CommandFailure("\(option) cannot be \"\(text)\"", hint: "it must be \(expected)", exitStatus: ExitStatus.usage)
    }

    /// The same for what a node answers, whose advice follows a semicolon.
    init(answer text: String) {
        self.init(parting: text, at: ["\nhint: ", "; hint: ", "; "], exitStatus: ExitStatus.refused)
    }

    /// Any error that the layers below throw.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case NodeFailure.network(let error): self.init(error)
        case let error as NodeFailure: self.init(parting: error.description, exitStatus: error.exitStatus)
        case let error as BackupError: self.init(parting: error.description, exitStatus: error.exitStatus)
        case let error as SetupError: self.init(parting: error.description, exitStatus: error.exitStatus)
        case let error as StoreError: self.init(parting: error.description, exitStatus: error.exitStatus)
        case let error as NetworkError:
            self.init(parting: error.description, at: ["; "], exitStatus: ExitStatus.unavailable)
        case let error as ParticipantError: self.init(answer: error.description)
        case let error as CharterError: self.init(error.description, exitStatus: ExitStatus.data)
        case let error as EvidenceError: self.init(error.description, exitStatus: ExitStatus.data)
        case let error as PolicyError: self.init(error.description, exitStatus: ExitStatus.data)
        case let error as SystemError: self.init(error.description, exitStatus: ExitStatus.inputOutput)
        default: self.init("\(error)")
        }
    }
}

/// How the process ends after an error.
enum Ending {
    /// Tells what went wrong and leaves; help and version are no errors.
    static func exit(after error: any Error) -> Never {
        let code = Standstill.exitCode(for: error)
        if code == .success {
            Console.data(trimmed(Standstill.fullMessage(for: error)))
            Foundation.exit(0)
        }
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        let failure = code == .validationFailure ? usageFailure(error) : CommandFailure(error)
        Console.people("error: \(failure.what)")
        if let hint = failure.hint { Console.people("hint: \(hint)") }
        Foundation.exit(failure.exitStatus)
    }

    private static func usageFailure(_ error: any Error) -> CommandFailure {
        var message = Standstill.message(for: error).split(separator: "\n").joined(separator: " ")
        if message.last == "." { message.removeLast() }
        let full = Standstill.fullMessage(for: error)
        let command = full.firstMatch(of: /See '(.+?)' for more information/).map { String($0.1) }
        return CommandFailure(
            message.prefix(1).lowercased() + message.dropFirst(),
            hint: "see `\(command ?? "standstill --help")`",
            exitStatus: ExitStatus.usage
        )
    }

    private static func trimmed(_ text: String) -> String {
        text.last == "\n" ? String(text.dropLast()) : text
    }
}

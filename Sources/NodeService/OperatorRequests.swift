internal import CryptoPrimitives
package import PauseAgreement
internal import QuorumPolicy
package import SignedStatements

/// What is wrong with an operator's request; each text ends with what to do.
package enum RequestError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownAction(String)
    case badDuration(member: String, String)
    case badInstant(String)
    case badScope(String)
    case badText(String)
    case unknownAnswer(String)
    case badCondition(String)
    case conditionWithout(String)
    case unknownMotion(String)
    case ambiguousMotion(String, Int)

    package var description: String {
        switch self {
        case .unknownAction(let action): "there is no action \"\(action)\"; use start, renew or lift"
        case .badDuration(let member, let text):
            "\(member) \"\(text)\" is not a length of time; write whole units such as 90d, 12h, 30m or 45s"
        case .badInstant(let text): "\"\(text)\" is not an instant; write it as 2027-12-01T00:00:00Z"
        case .badScope(let text): "scope \"\(text)\" is not usable; write name=value without quotation marks"
        case .badText(let text): "text \"\(text)\" is not usable; write NAME=SHA-256 with 64 lower-case hex digits"
        case .unknownAnswer(let answer): "there is no answer \"\(answer)\"; use agree, decline or abstain"
        case .badCondition(let why): "the condition cannot be read: \(why)"
        case .conditionWithout(let answer): "\"\(answer)\" takes no condition; only agree does"
        case .unknownMotion(let id):
            "no motion begins with \"\(id)\"; give at least 6 digits of an id that `standstill motion list` shows"
        case .ambiguousMotion(let id, let count): "\(count) motions begin with \"\(id)\"; give more digits"
        }
    }
}

extension MotionRequest {
    /// The proposal with absolute instants; lengths left empty become the shortest the charter allows.
    package func proposal(under charter: Charter, at now: Instant) throws(RequestError) -> Proposal {
        guard let action = OrderAction(rawValue: action) else { throw .unknownAction(action) }
        guard let second = Seconds(1) else { preconditionFailure("a second is a length of time") }
        let margin = 2 * charter.limits.clockTolerance
        let commitBy =
            now + (try Self.length("commit-within", commitWithin, shortest: charter.limits.commitWindow.lowerBound))
        let signBy = commitBy + (try Self.length("sign-within", signWithin, shortest: margin)) + second
        let publishBy = signBy + (try Self.length("publish-within", publishWithin, shortest: second))
        let effective = try instant(shortest: publishBy + margin)
        return Proposal(
            action: action,
            terms: try Self.terms(scope: scope, texts: texts),
            schedule: Motion.Schedule(
                commitBy: commitBy,
                signBy: signBy,
                publishBy: publishBy,
                effective: effective,
                end: effective + (try Self.length("duration", duration, shortest: nil))
            )
        )
    }

    private func instant(shortest: Instant) throws(RequestError) -> Instant {
        guard !effective.isEmpty else { return shortest }
        guard let instant = Instant(effective) else { throw .badInstant(effective) }
        return instant
    }

    fileprivate static func terms(
        scope: [ScopeEntry],
        texts: [AuthenticText]
    ) throws(RequestError) -> MotionTerms {
        MotionTerms(scope: try scope.map(entry), texts: try texts.map(text))
    }

    fileprivate static func length(_ member: String, _ text: String, shortest: Seconds?) throws(RequestError) -> Seconds
    {
        if text.isEmpty, let shortest { return shortest }
        guard let seconds = Seconds(text) else { throw .badDuration(member: member, text) }
        return seconds
    }

    private static func entry(_ entry: ScopeEntry) throws(RequestError) -> MotionTerms.ScopeEntry {
        guard let name = try? PartyName(entry.name), let value = PlainText(entry.value), !value.text.isEmpty else {
            throw .badScope("\(entry.name)=\(entry.value)")
        }
        return MotionTerms.ScopeEntry(name: name, value: value)
    }

    private static func text(_ text: AuthenticText) throws(RequestError) -> MotionTerms.AuthenticText {
        guard let name = PlainText(text.name), let digest = Hex.decode(text.sha256).flatMap({ Bytes32($0) }) else {
            throw .badText("\(text.name)=\(text.sha256)")
        }
        return MotionTerms.AuthenticText(name: name, digest: digest)
    }
}

extension BallotRequest {
    package func ballot(under charter: Charter) throws(RequestError) -> Ballot {
        try Ballot(answer: answer, condition: condition, under: charter)
    }
}

extension StandingRequest {
    package func ballot(under charter: Charter) throws(RequestError) -> Ballot {
        try Ballot(answer: answer, condition: condition, under: charter)
    }

    package func proposal() throws(RequestError) -> StandingProposal {
        guard let action = OrderAction(rawValue: action) else { throw .unknownAction(action) }
        guard let until = Instant(until) else { throw .badInstant(until) }
        return StandingProposal(
            action: action,
            terms: try MotionRequest.terms(scope: scope, texts: texts),
            longest: try MotionRequest.length("at-most", longest, shortest: nil),
            until: until
        )
    }
}

extension Ballot {
    /// A ballot in an operator's words.
    fileprivate init(answer: String, condition: String, under charter: Charter) throws(RequestError) {
        switch answer {
        case "agree":
            guard !condition.isEmpty else {
                self.init(.agree)
                return
            }
            do throws(PolicyError) {
                self.init(.agreeIf(try Condition(parsingInput: condition, with: charter.vocabulary)))
            } catch {
                throw .badCondition(error.description)
            }
        case "decline", "abstain":
            guard condition.isEmpty else { throw .conditionWithout(answer) }
            self.init(answer == "decline" ? .decline : .abstain)
        default: throw .unknownAnswer(answer)
        }
    }
}

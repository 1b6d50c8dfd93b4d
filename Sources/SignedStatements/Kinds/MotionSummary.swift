/// The sentence that people read before they agree, made from the motion alone so that every peer can make it again.
public enum MotionSummary {
    /// The template in use; a motion that names another is refused.
    public static let template = "pause-1"

    /// What an order would do, from when until when, for what, and by which texts.
    public static func text(action: OrderAction, terms: MotionTerms, effective: Instant, end: Instant) -> PlainText {
        let effect = effect(of: action, effective: effective, end: end)
        guard let text = PlainText("\(effect) \(words(for: terms))") else {
            preconditionFailure("a sentence of plain texts is plain text")
        }
        return text
    }

    /// For what, and by which texts.
    public static func words(for terms: MotionTerms) -> String { "\(scope(of: terms)) \(texts(of: terms))" }

    private static func effect(of action: OrderAction, effective: Instant, end: Instant) -> String {
        switch action {
        case .start: "This order starts a pause that is in force from \(effective) until \(end) (UTC)."
        case .renew: "This order renews the pause, which is in force from \(effective) until \(end) (UTC)."
        case .lift: "This order lifts the pause with effect from \(effective); the order itself ends at \(end) (UTC)."
        }
    }

    private static func scope(of terms: MotionTerms) -> String {
        guard !terms.scope.isEmpty else { return "Scope: as the authentic texts state." }
        return "Scope: " + terms.scope.map { "\($0.name) is \"\($0.value)\"" }.joined(separator: "; ") + "."
    }

    private static func texts(of terms: MotionTerms) -> String {
        guard !terms.texts.isEmpty else { return "There are no authentic texts." }
        let texts = terms.texts.map { "\"\($0.name)\" (SHA-256 \($0.digest))" }
        return "Authentic texts: " + texts.joined(separator: "; ") + "."
    }
}

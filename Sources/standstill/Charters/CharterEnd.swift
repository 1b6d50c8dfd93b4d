internal import SignedStatements

/// A charter that has ended: it can still be read and its orders verified, and nothing can be ordered under it.
struct CharterEnd {
    private let charter: Charter

    /// nil while the charter lasts.
    init?(of charter: Charter, at now: Instant) {
        guard charter.expires <= now else { return nil }
        self.charter = charter
    }

    /// What is wrong, in a sentence.
    var sentence: String { "this charter ended at \(charter.expires): nothing can be ordered under it" }

    /// Why nobody should sign it any more.
    var failure: CommandFailure {
        CommandFailure(sentence, hint: "nothing was signed; agree on the next charter")
    }
}

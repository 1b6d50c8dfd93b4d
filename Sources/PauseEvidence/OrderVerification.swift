public import CryptoPrimitives
public import SignedStatements

/// Judges an order from its files alone: no network, no clock, no trust in whoever supplied them (Protocol §8).
public enum OrderVerification {
    /// What the caller knows from outside the bundle; without it any stranger's charter would do.
    public enum Pin: Hashable, Sendable {
        /// The charter's digest, such as from a gazette or another party.
        case charter(CharterID)
        /// The group key of the rule that the caller obeys.
        case groupKey(Element)
    }

    /// What the files prove at an instant; the report says what is wrong or missing, nothing is thrown.
    ///
    /// The more is supplied the more is judged: a pinned group key suffices for the signature; charter and keys give it
    /// under a pinned charter; the record gives motion, roll and publication. Within ``EvidenceLimits``,
    /// adding lines to the record never turns a proof into a refusal, and leaving lines out never turns a refusal into a proof.
    public static func verify(_ bundle: EvidenceBundle, pin: Pin?, at instant: Instant) -> OrderReport {
        let order: Order
        do {
            order = try read(bundle.order)
        } catch {
            return .unreadable(error, at: instant)
        }
        return OrderJudgement(order, bundle, pin: pin, at: instant).report
    }

    private static func read(_ bytes: [UInt8]) throws(EvidenceError) -> Order {
        guard bytes.count <= EvidenceLimits.order else {
            throw .tooLarge(.order, count: bytes.count, limit: EvidenceLimits.order)
        }
        do {
            return try Order(decoding: ASCIIText.strict(bytes))
        } catch {
            throw .order(error)
        }
    }
}

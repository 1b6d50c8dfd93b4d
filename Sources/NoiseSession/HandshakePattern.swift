/// A handshake pattern of the Noise framework (revision 34, §7): which keys travel and meet in which message.
struct HandshakePattern: Hashable, Sendable {
    /// A step within one message.
    enum Token: Hashable, Sendable {
        /// The sender's ephemeral public key, in clear.
        case e
        /// The sender's static public key, encrypted as soon as there is a key.
        case s
        /// Diffie-Hellman between initiator's and responder's key, in this order: e or s.
        case ee, es, se, ss
    }

    /// The protocol name that starts the transcript, such as `Noise_XK_25519_ChaChaPoly_SHA256`.
    let name: String
    /// Whether the responder knows the initiator's static key beforehand.
    let initiatorIsKnown: Bool
    /// Whether the initiator knows the responder's static key beforehand.
    let responderIsKnown: Bool
    /// The messages, the initiator's first, then alternating.
    let messages: [[Token]]

    /// The pattern in which the initiator knows the responder and reveals itself only to it.
    static let xk = HandshakePattern(
        name: "Noise_XK_25519_ChaChaPoly_SHA256",
        initiatorIsKnown: false,
        responderIsKnown: true,
        messages: [[.e, .es], [.e, .ee], [.s, .se]]
    )
}

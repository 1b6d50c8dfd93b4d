internal import CryptoPrimitives

/// The handshake of any interactive pattern without pre-shared keys (revision 34, §5.3).
struct HandshakeState: ~Copyable, Sendable {
    let role: NoiseHandshake.Role
    private let pattern: HandshakePattern
    private var symmetric: SymmetricState
    private let staticKey: SecretBytes
    private var ephemeralKey: SecretBytes
    private(set) var remoteStatic: Bytes32?
    private var remoteEphemeral: Bytes32?
    private var messagesDone = 0

    /// Starts a handshake; patterns that send no static key ignore `staticKey`.
    init(
        pattern: HandshakePattern,
        role: NoiseHandshake.Role,
        prologue: [UInt8],
        staticKey: consuming SecretBytes,
        ephemeralKey: consuming SecretBytes,
        remoteStatic: Bytes32?
    ) {
        self.pattern = pattern
        self.role = role
        symmetric = SymmetricState(protocolName: pattern.name)
        symmetric.mixHash(prologue)
        let own = X25519.publicKey(of: staticKey)
        let isInitiator = role == .initiator
        if pattern.initiatorIsKnown, let key = isInitiator ? own : remoteStatic { symmetric.mixHash(key.array) }
        if pattern.responderIsKnown, let key = isInitiator ? remoteStatic : own { symmetric.mixHash(key.array) }
        self.staticKey = staticKey
        self.ephemeralKey = ephemeralKey
        self.remoteStatic = remoteStatic
    }

    var nextStep: NoiseHandshake.Step {
        guard messagesDone < pattern.messages.count else { return .finished }
        return messagesDone.isMultiple(of: 2) == (role == .initiator) ? .write : .read
    }

    mutating func write(_ payload: [UInt8]) throws(NoiseError) -> [UInt8] {
        var message: [UInt8] = []
        for token in pattern.messages[messagesDone] {
            switch token {
            case .e:
                let key = X25519.publicKey(of: ephemeralKey)
                symmetric.mixHash(key.array)
                message += key.array
            case .s:
                message += try symmetric.encryptAndHash(X25519.publicKey(of: staticKey).array)
            case .ee, .es, .se, .ss:
                try mix(token)
            }
        }
        message += try symmetric.encryptAndHash(payload)
        guard message.count <= NoiseLimits.messageCount else { throw .plaintextTooLong(count: payload.count) }
        messagesDone += 1
        return message
    }

    mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard message.count <= NoiseLimits.messageCount else { throw wrongLength(message) }
        var rest = message[...]
        for token in pattern.messages[messagesDone] {
            switch token {
            case .e:
                guard let key = Bytes32(take(32, from: &rest)) else { throw wrongLength(message) }
                symmetric.mixHash(key.array)
                remoteEphemeral = key
            case .s:
                let field = take(symmetric.wireCount(of: 32), from: &rest)
                guard field.count == symmetric.wireCount(of: 32) else { throw wrongLength(message) }
                remoteStatic = try Bytes32(authenticated(field))
            case .ee, .es, .se, .ss:
                try mix(token)
            }
        }
        guard rest.count >= symmetric.wireCount(of: 0) else { throw wrongLength(message) }
        let payload = try authenticated(Array(rest))
        messagesDone += 1
        return payload
    }

    /// The transport of a finished handshake in which the remote static key was learnt or known.
    consuming func transport(remoteStatic: Bytes32) -> NoiseTransport {
        let hash = symmetric.hash
        return NoiseTransport(symmetric.split(role: role), handshakeHash: hash, remoteStatic: remoteStatic)
    }

    private mutating func mix(_ token: HandshakePattern.Token) throws(NoiseError) {
        // The first letter is the initiator's key, the second the responder's.
        let usesOwnStatic: Bool
        let usesRemoteStatic: Bool
        switch token {
        case .ss: (usesOwnStatic, usesRemoteStatic) = (true, true)
        case .es: (usesOwnStatic, usesRemoteStatic) = role == .initiator ? (false, true) : (true, false)
        case .se: (usesOwnStatic, usesRemoteStatic) = role == .initiator ? (true, false) : (false, true)
        case .ee, .e, .s: (usesOwnStatic, usesRemoteStatic) = (false, false)
        }
        guard let theirs = usesRemoteStatic ? remoteStatic : remoteEphemeral else {
            preconditionFailure("a pattern mixes a key only after it is known")
        }
        let shared = usesOwnStatic ? X25519.sharedSecret(staticKey, theirs) : X25519.sharedSecret(ephemeralKey, theirs)
        switch consume shared {
        case .some(let secret): symmetric.mixKey(secret)
        case .none: throw .smallOrderKey(message: messagesDone + 1)
        }
    }

    private mutating func authenticated(_ field: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard let plaintext = try symmetric.decryptAndHash(field) else {
            throw .handshakeAuthentication(message: messagesDone + 1)
        }
        return plaintext
    }

    private func take(_ count: Int, from bytes: inout ArraySlice<UInt8>) -> [UInt8] {
        let taken = Array(bytes.prefix(count))
        bytes = bytes.dropFirst(count)
        return taken
    }

    private func wrongLength(_ message: [UInt8]) -> NoiseError {
        let minimum = pattern.minimumCount(ofMessage: messagesDone)
        return .handshakeMessageLength(message: messagesDone + 1, count: message.count, minimum: minimum)
    }
}

extension HandshakePattern {
    /// The bytes of message `index` (from 0) with an empty payload.
    func minimumCount(ofMessage index: Int) -> Int {
        var hasKey = false
        var count = 0
        for tokens in messages.prefix(index + 1) {
            count = 0
            for token in tokens {
                switch token {
                case .e: count += 32
                case .s: count += hasKey ? 32 + NoiseLimits.tagCount : 32
                case .ee, .es, .se, .ss: hasKey = true
                }
            }
            if hasKey { count += NoiseLimits.tagCount }
        }
        return count
    }
}

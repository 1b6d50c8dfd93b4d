internal import CryptoPrimitives
package import PeerProtocol

/// One way of breaking the rules, and what a node must make of it.
package struct Misbehaviour: Sendable {
    /// What a node must do, besides staying alive and serving everybody else.
    package enum Answer: Hashable, Sendable {
        /// Hang up without a word.
        case silence
        /// Say in clear why it will not shake hands.
        case refusal(Refusal.Reason)
        /// Say BYE with these words, and name the party with them.
        case bye(Bye.Reason, String)
        /// Hang up and name the party with these words; the channel is broken, so that no word can reach it.
        case cut(String)
        /// Keep the connection, refuse the item, and name who passed it on.
        case itemRefused(String)
        /// Keep the connection, refuse what the party has signed, and name the party.
        case statementRefused(String)
        /// Keep the statement as proof against the party.
        case proof
        /// Tell the operator that two nodes hold the party's key.
        case twin
        /// Nothing: it is useless, and harms nobody.
        case nothing
    }

    package let name: String
    package let answer: Answer
    /// Seconds that the node may take: many, since a machine that is busy is no fault of it.
    package let patience: Double
    package let act: @Sendable (Attack) async throws -> Outcome

    init(
        _ name: String,
        _ answer: Answer,
        patience: Double = patience,
        _ act: @escaping @Sendable (Attack) async throws -> Outcome
    ) {
        self.name = name
        self.answer = answer
        self.patience = patience
        self.act = act
    }

    /// Seconds to wait for what must come at once.
    static let patience = 30.0

    package static let all = beforeKeys + frames + messages + items + floods + deadlines

    package static func named(_ name: String) -> Misbehaviour? { all.first { $0.name == name } }
}

// MARK: - Ways to act

extension Misbehaviour {
    /// Sends bytes to a node that has not shaken hands, and waits for it to hang up.
    static func callingWith(
        _ name: String,
        _ answer: Answer,
        patience: Double = patience,
        _ bytes: @escaping @Sendable (Attack) throws -> [UInt8]
    ) -> Misbehaviour {
        Misbehaviour(name, answer, patience: patience) { attack in
            let connection = try await HostileConnection.open(to: attack.port, from: "127.0.0.9")
            await connection.send(try bytes(attack))
            return await end(connection, patience: patience)
        }
    }

    /// Waits for a node to hang up on a caller without keys.
    static func end(_ connection: HostileConnection, patience: Double) async -> Outcome {
        var outcome = Outcome()
        outcome.isClosed = await connection.wait(seconds: patience) { $0.isClosed }
        let received = connection.take()
        if let code = received.first, code != Refusal.accepted { outcome.refusal = code }
        connection.close()
        return outcome
    }

    /// Shakes hands as the hostile party, does something, and listens.
    static func visiting(
        _ name: String,
        _ answer: Answer,
        patience: Double = patience,
        saysHello: Bool = true,
        _ act: @escaping @Sendable (inout Visit, Attack) async throws -> Void
    ) -> Misbehaviour {
        Misbehaviour(name, answer, patience: patience) { attack in
            var visit = try await Visit.pay(attack, saysHello: saysHello, key: attack.transportKey)
            try await act(&visit, attack)
            // A node that keeps the connection answers a PING after everything before it.
            switch answer {
            case .itemRefused, .statementRefused, .proof, .nothing:
                try await visit.send(.ping(4242))
                try await visit.listen(seconds: patience) { $0.messages.contains(.pong(4242)) }
            case .silence, .refusal, .bye, .cut, .twin:
                try await visit.listen(seconds: patience)
            }
            return visit.end()
        }
    }
}

internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// The content of one statement that a hostile party makes while keys are made.
///
/// Most say again, in any attempt and with something changed, what was said in the recorded run: that gets far, since its
/// dealings, certificates and proofs fit what the node deals.
struct CeremonyForgery {
    let party: PartyName
    let said: [Item]
    let charter: Charter

    func body(_ input: inout FuzzInput) -> StatementBody? {
        let choice = input.byte()
        let attempt = input.byte() < 192 ? 1 + input.number(below: 3) : Int(input.byte())
        if choice < 16 { return .ratification(Ratification(network: charter.network, title: charter.title)) }
        if choice < 96 { return .ceremonyAbort(abort(attempt, &input)) }
        // Its own words more often than those of others.
        let own = bodies { $0 == party }
        let all = input.byte() < 224 && !own.isEmpty ? own : bodies { _ in true }
        guard !all.isEmpty else { return nil }
        return again(all[input.wide() % all.count], attempt, &input)
    }

    private func bodies(_ isWanted: (PartyName) -> Bool) -> [StatementBody] {
        said.compactMap { item in
            guard case .statement(let statement) = item, isWanted(statement.head.party) else { return nil }
            return statement.body
        }
    }

    private func again(_ body: StatementBody, _ attempt: Int, _ input: inout FuzzInput) -> StatementBody {
        switch body {
        case .ceremonyContribution(let body):
            let keys = body.keys.map { key in
                CeremonyContribution.Key(
                    rule: key.rule,
                    commitment: changed(key.commitment, &input),
                    random: changed(key.random, &input)
                )
            }
            return .ceremonyContribution(CeremonyContribution(attempt: attempt, keys: keys))
        case .ceremonyDealing(let body):
            return .ceremonyDealing(
                CeremonyDealing(attempt: attempt, keys: body.keys.map { changed($0, &input) })
            )
        case .ceremonyCertificate(let body):
            let keys = body.keys.map { key in
                CeremonyCertificate.Key(
                    rule: key.rule,
                    signature: changed(key.signature, &input),
                    transcript: key.transcript
                )
            }
            return .ceremonyCertificate(CeremonyCertificate(attempt: attempt, keys: keys))
        case .keyNonces(let body):
            let keys = body.keys.map { key in
                KeyNonces.Key(
                    rule: key.rule,
                    hiding: point(instead: key.hiding, &input),
                    binding: point(instead: key.binding, &input)
                )
            }
            return .keyNonces(KeyNonces(attempt: attempt, retry: 1 + input.number(below: 66), keys: keys))
        case .keyShare(let body):
            let keys = body.keys.map { KeyShares.Key(rule: $0.rule, share: changed($0.share, &input)) }
            return .keyShare(KeyShares(attempt: attempt, retry: 1 + input.number(below: 66), keys: keys))
        case .keyRecord(let body):
            return .keyRecord(KeyRecord(attempt: attempt, keys: body.keys))
        default: return body
        }
    }

    private func changed(_ key: CeremonyDealing.Key, _ input: inout FuzzInput) -> CeremonyDealing.Key {
        var shares = key.shares
        var commitment = key.commitment
        let what = input.number(below: 16)
        if what == 1, !shares.isEmpty {
            let index = input.number(below: shares.count)
            shares[index] = changed(shares[index], &input)
        }
        if what == 2 { shares.removeLast() }
        if what == 3 { shares.append([UInt8](repeating: 0, count: 48)) }
        if what == 4, !commitment.isEmpty {
            let index = input.number(below: commitment.count)
            commitment[index] = point(instead: commitment[index], &input)
        }
        if what == 5 { commitment.append(.zero) }
        return CeremonyDealing.Key(
            rule: key.rule,
            ephemeral: what == 6 ? point(instead: key.ephemeral, &input) : key.ephemeral,
            proofOfPossession: what == 7 ? changed(key.proofOfPossession, &input) : key.proofOfPossession,
            shares: shares,
            commitment: commitment
        )
    }

    private func abort(_ attempt: Int, _ input: inout FuzzInput) -> CeremonyAbort {
        let reasons: [CeremonyAbort.Reason] = [
            .wrongShare, .silence, .stopped, .falseComplaint, .equivocation, .wrongCertificate, .wrongKeyShare,
            .contributionMismatch, .copiedTerms, .malformedDealing, .proofOfPossession,
        ]
        let reason = reasons[input.number(below: reasons.count)]
        return CeremonyAbort(
            attempt: attempt,
            reason: reason,
            culprit: charter.parties[input.number(below: charter.parties.count)].name,
            rule: reason == .wrongShare || input.byte() & 1 == 1 ? charter.keyedRules.first?.name : nil,
            complaint: reason == .wrongShare ? complaint(&input) : nil
        )
    }

    /// Points that are points and a proof that is none, the complaint of somebody else, or noise.
    private func complaint(_ input: inout FuzzInput) -> [UInt8] {
        let seen = said.compactMap { item -> [UInt8]? in
            guard case .statement(let statement) = item, case .ceremonyAbort(let abort) = statement.body else {
                return nil
            }
            return abort.complaint
        }
        if !seen.isEmpty, input.byte() < 128 { return changed(seen[input.number(below: seen.count)], &input) }
        let first = point(instead: .zero, &input).array + point(instead: .zero, &input).array
        return first + SHA256.hash([input.byte()]).array + SHA256.hash([input.byte()]).array
    }

    private func changed(_ bytes: Bytes32, _ input: inout FuzzInput) -> Bytes32 {
        input.byte() < 192 ? bytes : SHA256.hash([input.byte()])
    }

    private func changed(_ bytes: [UInt8], _ input: inout FuzzInput) -> [UInt8] {
        guard input.byte() >= 128, !bytes.isEmpty else { return bytes }
        var bytes = bytes
        bytes[input.number(below: min(256, bytes.count))] ^= 1 << UInt8(input.number(below: 8))
        return bytes
    }

    /// A point of the group, one of small order, or no point at all.
    private func point(instead bytes: Bytes32, _ input: inout FuzzInput) -> Bytes32 {
        switch input.byte() {
        case 0..<128: bytes
        case 128: .zero
        case 129: Bytes32([1] + [UInt8](repeating: 0, count: 31)) ?? .zero
        case 130..<160: SHA256.hash([input.byte()])
        case let choice: Ed25519SigningKey(seed: FuzzNode.key(choice)).publicKey.bytes
        }
    }
}

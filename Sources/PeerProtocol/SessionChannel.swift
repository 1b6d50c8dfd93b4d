internal import NoiseSession

/// The part of a connection after keys: frames both ways, and when they were last seen.
struct SessionChannel: ~Copyable, Sendable {
    private var transport: NoiseTransport
    private var reassembly = Reassembly()
    private var heardAt: MonotonicInstant
    private var pingedAt: MonotonicInstant
    private var rekeyedAt: MonotonicInstant
    private var pings: UInt64 = 0
    private var isPaused = false
    /// Since when the peer owes the rest of a frame or message; `nil` when nothing is incomplete.
    private var begunAt: MonotonicInstant?

    init(_ transport: consuming NoiseTransport, at now: MonotonicInstant) {
        self.transport = transport
        heardAt = now
        pingedAt = now
        rekeyedAt = now
    }

    var pendingCount: Int { reassembly.pendingCount }

    /// Whether a ciphertext can have this length: a padded plaintext and its tag.
    static func isFrameLength(_ count: Int) -> Bool {
        let plaintext = count - NoiseLimits.tagCount
        return plaintext > 0 && plaintext <= Limits.plaintextBytes && plaintext.isMultiple(of: Limits.paddingBytes)
    }

    /// The frames of a message; empty when the transport is dead, which the reading side has reported by then.
    mutating func seal(_ message: Message, at now: MonotonicInstant, _ timing: SessionTiming) -> [UInt8] {
        var plaintexts = Framing.plaintexts(of: message.encoded)
        let changesKey = now.milliseconds(since: rekeyedAt) >= timing.rekeyMilliseconds
        if changesKey { plaintexts[plaintexts.count - 1][0] |= Framing.newKeyFollows }
        var bytes: [UInt8] = []
        do throws(NoiseError) {
            for plaintext in plaintexts {
                let length = UInt16(plaintext.count + NoiseLimits.tagCount).bigEndianBytes
                bytes += length + (try transport.encrypt(plaintext, associatedData: length))
            }
            if changesKey {
                try transport.rekeySending()
                rekeyedAt = now
            }
        } catch {
            return []
        }
        return bytes
    }

    /// Takes a whole frame, length included; the message it completes, if any.
    mutating func open(_ frame: [UInt8], at now: MonotonicInstant) throws(PeerProtocolError) -> Message? {
        let count = frame.count - 2
        guard Self.isFrameLength(count) else { throw .frameLength(count: count) }
        let plaintext: [UInt8]
        do throws(NoiseError) {
            plaintext = try transport.decrypt(Array(frame.dropFirst(2)), associatedData: Array(frame.prefix(2)))
        } catch {
            throw .transport(error)
        }
        heardAt = now
        let step = try reassembly.accept(plaintext)
        begunAt = pendingCount > 0 ? now : nil
        if step.newKeyFollows {
            do throws(NoiseError) {
                try transport.rekeyReceiving()
            } catch {
                throw .transport(error)
            }
        }
        return step.message
    }

    /// The peer has sent the beginning of a frame.
    mutating func noteBeginning(at now: MonotonicInstant) {
        begunAt = begunAt ?? now
    }

    /// Whether the peer has begun something and does not go on: it would hold this node's memory for nothing.
    func isUnfinished(at now: MonotonicInstant, _ timing: SessionTiming) -> Bool {
        guard let begunAt, !isPaused else { return false }
        return now.milliseconds(since: begunAt) >= timing.unfinishedMilliseconds
    }

    func isDead(at now: MonotonicInstant, _ timing: SessionTiming) -> Bool {
        !isPaused && now.milliseconds(since: heardAt) >= timing.deadMilliseconds
    }

    /// The number for the PING that is due, if one is.
    mutating func duePing(at now: MonotonicInstant, _ timing: SessionTiming) -> UInt64? {
        guard now.milliseconds(since: pingedAt) >= timing.pingMilliseconds else { return nil }
        pingedAt = now
        pings += 1
        return pings
    }

    func nextDeadline(_ timing: SessionTiming) -> MonotonicInstant {
        let ping = pingedAt.after(milliseconds: timing.pingMilliseconds)
        guard !isPaused else { return ping }
        let dead = heardAt.after(milliseconds: timing.deadMilliseconds)
        let unfinished = begunAt?.after(milliseconds: timing.unfinishedMilliseconds) ?? dead
        return min(ping, dead, unfinished)
    }

    mutating func pause() {
        isPaused = true
    }

    mutating func resume(at now: MonotonicInstant) {
        isPaused = false
        heardAt = now
        if begunAt != nil { begunAt = now }
    }
}

package import CryptoPrimitives

/// What each end says first: enough to see that two nodes disagree, and why, before anything else is exchanged.
///
/// `charter id (32) || charter version (u32) || run epoch (u64) || clock (u64) || software (u8 count, text) ||
/// features (u8 count, then each u8 count, name)`; names strictly ascending.
package struct Hello: Hashable, Sendable {
    /// The SHA-256 of the charter the sender follows.
    package let charter: Bytes32
    /// That charter's version number.
    package let charterVersion: UInt32
    /// Drawn at random when the process started: two of them under one key mean two nodes, or a restart.
    package let runEpoch: UInt64
    /// The sender's clock when it said this, in seconds since 1970 UTC: at most two seconds behind its true reading.
    package private(set) var clockSeconds: UInt64
    /// The sender's software and version, for people.
    package let software: PrintableText
    /// What the sender can do beyond version 1, ascending; unknown names are ignored.
    package let features: [String]

    /// The feature of those who understand TWIN (Protocol §9.4).
    package static let twinNotice = "twin-notice"

    /// `nil` when there are more than 32 features, or one is not 1...32 bytes of `[a-z0-9.-]`.
    package init?(
        charter: Bytes32,
        charterVersion: UInt32,
        runEpoch: UInt64,
        clockSeconds: UInt64,
        software: String,
        features: [String] = []
    ) {
        let names = features.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        guard Self.areFeatures(names) else { return nil }
        self.charter = charter
        self.charterVersion = charterVersion
        self.runEpoch = runEpoch
        self.clockSeconds = clockSeconds
        self.software = PrintableText(escaping: software, limit: Limits.softwareVersionBytes)
        self.features = names.map { String(decoding: $0, as: UTF8.self) }
    }

    /// This HELLO said that much later, in whole seconds.
    consuming func after(milliseconds: UInt64) -> Hello {
        let (seconds, isTooLate) = clockSeconds.addingReportingOverflow(milliseconds / 1000)
        clockSeconds = isTooLate ? .max : seconds
        return self
    }

    init(decoding body: [UInt8]) throws(PeerProtocolError) {
        var reader = ByteReader(body)
        charter = try Self.field("charter id", reader.bytes32())
        charterVersion = try Self.field("charter version", reader.integer(UInt32.self))
        runEpoch = try Self.field("run epoch", reader.integer(UInt64.self))
        clockSeconds = try Self.field("clock", reader.integer(UInt64.self))
        software = try Self.field("software version", reader.text(limit: Limits.softwareVersionBytes))
        let count = try Self.field("number of features", reader.integer(UInt8.self))
        var names: [[UInt8]] = []
        for _ in 0..<count {
            names.append(try Self.field("feature", reader.text(limit: Limits.featureBytes)).bytes)
        }
        guard Self.areFeatures(names) else { throw .malformed(.hello, field: "list of features") }
        guard reader.remaining == 0 else { throw .malformed(.hello, field: "end") }
        features = names.map { String(decoding: $0, as: UTF8.self) }
    }

    var encoded: [UInt8] {
        charter.array + charterVersion.bigEndianBytes + runEpoch.bigEndianBytes + clockSeconds.bigEndianBytes
            + [UInt8(software.bytes.count)] + software.bytes
            + [UInt8(features.count)] + features.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    }

    private static func field<Value>(_ name: String, _ value: Value?) throws(PeerProtocolError) -> Value {
        guard let value else { throw .malformed(.hello, field: name) }
        return value
    }

    private static func areFeatures(_ names: [[UInt8]]) -> Bool {
        guard names.count <= Limits.features else { return false }
        for name in names where !isFeature(name) { return false }
        return zip(names, names.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
    }

    private static func isFeature(_ name: [UInt8]) -> Bool {
        (1...Limits.featureBytes).contains(name.count)
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

/// Why a peer ends a connection: a code (u8) for programs, then text (u8 count, printable ASCII) for people.
package struct Bye: Hashable, Sendable, CustomStringConvertible {
    /// The codes version 1 knows; others may come from later versions.
    package enum Reason: UInt8, Hashable, Sendable {
        /// The node stops or restarts.
        case leaving = 1
        /// The sender's roster does not list the receiver's key.
        case unlisted = 2
        /// Another connection between the same two nodes goes on.
        case superseded = 3
        /// Another node with the receiver's key is connected and alive.
        case twin = 4
        /// The receiver broke the protocol; the text says how.
        case violation = 5
        /// The receiver did not read, or sent more than the sender can take.
        case overloaded = 6
        /// The sender's operator or its core does not want the connection now.
        case declined = 7
    }

    package let code: UInt8
    package let text: PrintableText

    package init(_ reason: Reason, _ text: String) {
        code = reason.rawValue
        self.text = PrintableText(escaping: text)
    }

    init(decoding body: [UInt8]) throws(PeerProtocolError) {
        var reader = ByteReader(body)
        guard let code = reader.integer(UInt8.self) else { throw .malformed(.bye, field: "code") }
        guard let text = reader.text(limit: Limits.reasonBytes), reader.remaining == 0 else {
            throw .malformed(.bye, field: "text")
        }
        self.code = code
        self.text = text
    }

    /// `nil` for a code this version does not know.
    package var reason: Reason? { Reason(rawValue: code) }

    package var description: String { text.description }

    var encoded: [UInt8] { [code, UInt8(text.bytes.count)] + text.bytes }
}

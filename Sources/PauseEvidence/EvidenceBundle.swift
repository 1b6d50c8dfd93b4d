/// The files of a bundle that a verifier reads, as they were found; nothing in them is trusted.
public struct EvidenceBundle: Hashable, Sendable {
    public var order: [UInt8]
    /// Nil if the file was not supplied; likewise below.
    public var charter: [UInt8]?
    public var keys: [UInt8]?
    public var record: [UInt8]?

    public init(order: [UInt8], charter: [UInt8]? = nil, keys: [UInt8]? = nil, record: [UInt8]? = nil) {
        self.order = order
        self.charter = charter
        self.keys = keys
        self.record = record
    }
}

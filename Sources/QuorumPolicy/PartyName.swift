/// The name of a party as rules, ballots and ceremonies spell it.
///
/// 1 to 64 bytes out of `a-z 0-9 - . _ /`. Names are ordered and compared byte by byte; as they are ASCII,
/// Unicode's equivalences cannot make two spellings equal. Protocol §4.
public struct PartyName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes.
    public static let maximumLength = 64

    /// The name itself, ASCII.
    public let text: String

    /// Accepts a name, or says which byte of it is not allowed.
    public init(_ text: String) throws(PolicyError) {
        try self.init(bytes: text.utf8, at: 0)
    }

    /// Accepts a name found at a byte offset of a longer text, so that the error can point there.
    init(bytes: some Collection<UInt8>, at offset: Int) throws(PolicyError) {
        guard !bytes.isEmpty else { throw .emptyName(at: .byte(offset)) }
        guard bytes.count <= PartyName.maximumLength else {
            throw .nameTooLong(length: bytes.count, at: .byte(offset))
        }
        for (index, byte) in bytes.enumerated() where !PartyName.allows(byte) {
            throw .invalidNameByte(byte, at: .byte(offset + index))
        }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { text }

    public static func < (left: PartyName, right: PartyName) -> Bool {
        left.text < right.text
    }

    static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"): true
        default: false
        }
    }
}

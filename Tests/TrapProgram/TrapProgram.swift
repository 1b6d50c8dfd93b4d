internal import CryptoPrimitives
internal import Foundation
internal import NodeService

/// Reads secret bytes from standard input and runs into a trap while they are in memory and their address is at hand.
///
/// With the argument `unprotected` it takes none of the precautions of a process that holds keys, to show what they prevent.
@main
enum TrapProgram {
    static func main() {
        if !CommandLine.arguments.contains("unprotected") { _ = ProcessHardening.apply() }
        let secret = SecretBytes(copying: [UInt8](FileHandle.standardInput.readDataToEndOfFile()))
        print("not trapped:", overflow(secret.span, UInt8(clamping: CommandLine.arguments.count)))
    }

    /// The sum does not fit; the first argument, the address of the bytes, is still in its register then.
    @inline(never)
    private static func overflow(_ bytes: Span<UInt8>, _ one: UInt8) -> UInt8 {
        one + UInt8.max
    }
}

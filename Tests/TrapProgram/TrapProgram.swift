internal import CryptoPrimitives
internal import Foundation
internal import NodeService

/// Reads secret bytes from standard input and runs into a trap while they are in memory and their address is at hand.
///
/// With the argument `seeded` and a configuration it tries instead to make a key and to start a node with randomness that
/// can be foretold.
///
/// With the argument `unprotected` it takes none of the precautions of a process that holds keys, to show what they prevent.
@main
enum TrapProgram {
    static func main() throws {
        if CommandLine.arguments.contains("seeded") { return try tryForeseeableKeys(CommandLine.arguments[2]) }
        if !CommandLine.arguments.contains("unprotected") { _ = ProcessHardening.apply() }
        let secret = SecretBytes(copying: [UInt8](FileHandle.standardInput.readDataToEndOfFile()))
        print("not trapped:", overflow(secret.span, UInt8(clamping: CommandLine.arguments.count)))
    }

    private static func tryForeseeableKeys(_ configuration: String) throws {
        SeededRandomness.begin(.zero)
        let seed = SecretBytes(copying: PublicRandom.bytes32().array)
        let passphrase = SecretBytes(copying: Array("correct horse battery".utf8))
        let start = try NodeConfiguration.read(at: configuration)
        do throws(SetupError) {
            _ = try KeyFile.create(at: configuration + ".key", party: start.party, seed: seed, passphrase: passphrase)
            print("a key was made")
        } catch {
            print("no key:", error)
        }
        do throws(NodeFailure) {
            _ = try NodeStart(start, passphrase: passphrase)
            print("a node was started")
        } catch {
            print("no node:", error)
        }
    }

    /// The sum does not fit; the first argument, the address of the bytes, is still in its register then.
    @inline(never)
    private static func overflow(_ bytes: Span<UInt8>, _ one: UInt8) -> UInt8 {
        one + UInt8.max
    }
}

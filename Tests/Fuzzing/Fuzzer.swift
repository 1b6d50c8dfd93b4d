// The program that libFuzzer drives. It is built only when the environment names STANDSTILL_FUZZ: `make fuzz`.
internal import FuzzTargets
internal import Glibc

/// The target that the environment variable FUZZ_TARGET names.
private let target: FuzzTarget = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else {
        print("FUZZ_TARGET is one of: " + FuzzTarget.all.map(\.name).joined(separator: " "))
        // At once: libFuzzer takes an ordinary exit for a finding, and loses what is still to be printed.
        fflush(nil)
        _exit(64)
    }
    return target
}()

/// One input; a finding ends the process, which makes libFuzzer keep the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // Longer inputs say nothing new, and are not kept.
    guard bytes.count <= target.maximumCount else { return -1 }
    do {
        try target.run(bytes)
    } catch {
        print("FINDING in \(target.name): \(error)")
        abort()
    }
    return 0
}

import Testing

@testable import CryptoPrimitives

@Suite struct SecretBytesTests {
    @Test func `a secret is what was put in`() {
        let copied = SecretBytes(copying: [1, 2, 3])
        #expect(copied.hex() == "010203")
        #expect(copied.count == 3)
        let filled = SecretBytes(count: 3) { bytes in
            for index in 0..<3 {
                bytes[index] = UInt8(index + 1)
            }
        }
        #expect(filled.isEqual(to: copied) == true)
        #expect(filled.duplicate().isEqual(to: copied) == true)
        #expect(filled.slice(1..<3).hex() == "0203")
    }

    @Test func `secrets differ by value and by length`() {
        let one = SecretBytes(copying: [1, 2, 3])
        #expect(one.isEqual(to: SecretBytes(copying: [1, 2, 4])) == false)
        #expect(one.isEqual(to: SecretBytes(copying: [1, 2])) == false)
        #expect(SecretBytes.random(count: 32).isEqual(to: SecretBytes.random(count: 32)) == false)
    }

    @Test(arguments: [1, 64, 65, 256, 257, 5000])
    func `every size starts out as zeros`(count: Int) {
        let secret = SecretBytes(zeroed: count)
        #expect(secret.count == count)
        #expect(secret.hex() == String(repeating: "00", count: count))
    }

    /// Slots are not erased when they are taken, so what is found then was erased when it was given back.
    @Test(arguments: [64, 256])
    func `a slot of the pool is erased when it is given back`(count: Int) {
        for _ in 0..<3 {
            fillManySlots(count)
            for _ in 0..<200 {
                let secret = SecretBytes(zeroed: count)
                #expect(secret.hex() == String(repeating: "00", count: count))
            }
        }
    }

    @Test func `a secret that ends does not touch its neighbours`() {
        let first = SecretBytes(copying: [UInt8](repeating: 1, count: 64))
        fillManySlots(64)
        let second = SecretBytes(copying: [UInt8](repeating: 2, count: 64))
        #expect(first.hex() == String(repeating: "01", count: 64))
        #expect(second.hex() == String(repeating: "02", count: 64))
    }

    @Test func `an empty secret stops the process`() async {
        await #expect(processExitsWith: .failure) {
            _ = SecretBytes(copying: [])
        }
    }

    private func fillManySlots(_ depth: Int, remaining: Int = 150) {
        guard remaining > 0 else { return }
        let secret = SecretBytes(copying: [UInt8](repeating: 0xff, count: depth))
        fillManySlots(depth, remaining: remaining - 1)
        #expect(secret.count == depth)
    }
}

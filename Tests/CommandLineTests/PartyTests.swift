import Foundation
import TestSupport
import Testing

@Suite struct PartyTests {
    @Test func `a new party has a private directory, key and configuration`() async throws {
        let directory = try await Founding.shared.value.directory
        for (name, mode) in [("lab.aster", 0o700), ("lab.aster/party.key", 0o600), ("lab.aster/node.yaml", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
        }
        let configuration = String(decoding: try directory.content(of: "lab.aster/node.yaml"), as: UTF8.self)
        #expect(configuration.contains("\nparty: lab.aster\n"))
        #expect(configuration.contains("\nlisten: \"127.0.0.1:7411\"\n"))
    }

    @Test func `the public keys are printed again from the key file`() async throws {
        let founding = try await Founding.shared.value
        let shown = try await founding.run(
            ["party", "show", "--directory", "lab.aster", "--passphrase-file", "passphrase"]
        )
        #expect(shown.status == 0)
        let parties = String(decoding: try founding.directory.content(of: "parties"), as: UTF8.self)
        #expect(parties.contains("lab.aster lab \(shown.output.trimmingCharacters(in: .newlines)) "))
    }

    @Test func `a key file that is there is never touched`() async throws {
        let founding = try await Founding()
        let before = try founding.directory.content(of: "lab.aster/party.key")
        let result = try await founding.run(Founding.initialise("lab.aster"))
        #expect(result.status == 73)
        #expect(try founding.directory.content(of: "lab.aster/party.key") == before)
    }
}

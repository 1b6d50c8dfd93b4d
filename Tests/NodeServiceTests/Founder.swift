import CryptoPrimitives
import Foundation
import NodeService
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport

/// One party of a charter of four, with its directory and its seed, for tests of files.
struct Founder {
    static let passphrase = "correct horse battery staple"
    static let names = ["lab.a", "lab.b", "gov.a", "gov.b"]

    let root: TemporaryDirectory
    let charter: Charter
    let directory: NodeDirectory

    /// Makes the directory of `lab.a` with key, charter and configuration.
    init(configuration more: String = "") throws {
        root = try TemporaryDirectory()
        directory = NodeDirectory(path: root.file("lab.a"))
        try directory.create()
        let seed = SecretBytes.random(count: 32)
        charter = try Self.charter(of: seed)
        _ = try KeyFile.create(
            at: directory.key,
            party: try PartyName("lab.a"),
            seed: seed,
            passphrase: SecretBytes(copying: Array(Self.passphrase.utf8)),
            cost: .interactive
        )
        try root.write(charter.bytes, to: "lab.a/charter")
        let text = "party: lab.a\ncharter: charter\nlisten: 127.0.0.1:7411\n" + more
        try NodeConfiguration.create(at: directory.configuration, text: text)
    }

    var configuration: NodeConfiguration {
        get throws { try NodeConfiguration.read(at: directory.configuration) }
    }

    /// The node of the directory, or of another one, set up and not connected.
    func start(_ other: NodeDirectory? = nil) throws -> NodeStart {
        let configuration = try NodeConfiguration.read(at: (other ?? directory).configuration)
        return try NodeStart(configuration, passphrase: SecretBytes(copying: Array(Self.passphrase.utf8)))
    }

    /// A charter in which `lab.a` has the keys of a seed and the others keys of their own.
    static func charter(
        of seed: borrowing SecretBytes,
        version: Int = 1,
        expires: String = "2099-01-01T00:00:00Z"
    ) throws -> Charter {
        let own = PartySecrets(seed: seed).publicKeys
        let lines = names.map { name in
            let keys = name == "lab.a" ? own : PartySecrets(seed: SecretBytes.random(count: 32)).publicKeys
            return "party \(name) \(name.hasPrefix("lab") ? "lab" : "government") \(keys) \"\(name)\"\n"
        }
        let text = """
            standstill-charter v1
            title "Founders"
            network founders
            version \(version)
            previous none
            expires \(expires)
            class lab "lab"
            class government "government"
            \(lines.joined())group labs all lab.a lab.b
            group governments all gov.a gov.b
            group both all labs governments
            rule decide both
            rule record both
            action start decide at-most 90d
            opening self
            limit fault-bound 1
            limit commit-window 2s..1d
            limit clock-tolerance 1s

            """
        return try Charter(Array(text.utf8))
    }

    /// Everything below a directory: path, mode and content.
    static func content(of path: String) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
        return try names.sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
            let mode = attributes[.posixPermissions] as? Int ?? 0
            let data = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
            return "\(name) \(mode) \(SHA256.hash([UInt8](data)))"
        }
    }
}

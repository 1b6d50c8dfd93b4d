import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Replays every seed and every past finding without libFuzzer, so that an ordinary run of the tests guards them.
@Suite("Inputs that somebody else chose", .timeLimit(.minutes(5)))
struct FuzzRegressionTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every seed and every past finding holds`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = Self.inputs(of: name)
        #expect(!inputs.isEmpty, "no seeds: see CorpusGeneration")
        for file in inputs {
            let bytes = [UInt8](try Data(contentsOf: file))
            do {
                try target.run(bytes)
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `seeds with a few bytes changed hold as well`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        var random = SeededRandom(seed: 1)
        let limit = ["core", "ceremony", "evidence", "journal", "charter"].contains(name) ? 8 : 64
        let inputs = Self.inputs(of: name)
        for _ in 0..<limit {
            let file = try #require(inputs.randomElement(using: &random))
            var bytes = [UInt8](try Data(contentsOf: file))
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                try target.run(bytes)
            } catch {
                Issue.record("\(error): \(Data(bytes).base64EncodedString())")
            }
        }
    }

    @Test func `names of targets are unique and fit a directory`() {
        let names = FuzzTarget.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z-]+/) != nil })
    }

    static func inputs(of name: String) -> [URL] {
        ["seeds", "findings"].flatMap { kind -> [URL] in
            let directory = RecordedRun.corpus.appending(path: kind).appending(path: name)
            let files = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            return (files ?? []).sorted { $0.path() < $1.path() }
        }
    }
}

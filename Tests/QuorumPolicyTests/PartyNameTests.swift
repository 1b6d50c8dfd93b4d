import QuorumPolicy
import Testing

@Suite struct PartyNameTests {
    @Test func `a name keeps its text and compares byte by byte`() throws {
        let name = try PartyName("gov.union/a-1_z")
        #expect(name.text == "gov.union/a-1_z")
        #expect("\(name)" == name.text)
        let names = try ["b", "a/", "a.", "a-", "a0", "aa", "a_", "a"].map { try PartyName($0) }
        #expect(names.sorted().map(\.text) == ["a", "a-", "a.", "a/", "a0", "a_", "aa", "b"])
    }

    @Test func `64 bytes are a name and 65 are not`() throws {
        #expect(try PartyName(String(repeating: "a", count: 64)).text.utf8.count == 64)
        #expect(throws: PolicyError.nameTooLong(length: 65, at: .byte(0))) {
            try PartyName(String(repeating: "a", count: 65))
        }
    }

    @Test func `an empty name is refused`() {
        #expect(throws: PolicyError.emptyName(at: .byte(0))) { try PartyName("") }
    }

    @Test(arguments: ["lab A", "Lab", "lab,a", "lab(", "lab\u{0}", "lab\n", "labé", "lab:a", "lab@"])
    func `a byte outside the alphabet is refused with its place`(text: String) throws {
        let error = #expect(throws: PolicyError.self) { try PartyName(text) }
        guard case .invalidNameByte(_, .byte(let offset)) = error else {
            Issue.record("unexpected error \(String(describing: error))")
            return
        }
        #expect(offset == (text == "Lab" ? 0 : 3))
    }
}

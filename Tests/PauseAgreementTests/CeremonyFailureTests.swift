import Foundation
import PauseAgreement
import TestSupport
import Testing

@Suite("One table of what can keep the ceremony from going on")
struct CeremonyFailureTests {
    @Test func `the operators' page has every row of the table, word for word`() throws {
        let page = try String(contentsOf: RepositoryFiles.root.appending(path: "docs/operations.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `CER-") }.map(String.init)
        #expect(rows == CeremonyFailure.allCases.map { "| `\($0.code)` | \($0.what) | \($0.remedy) |" })
    }

    @Test(arguments: CeremonyFailure.allCases)
    func `every failure has a code of its own and one remedy`(failure: CeremonyFailure) {
        #expect(CeremonyFailure.allCases.filter { $0.code == failure.code }.count == 1)
        #expect(failure.code.contains(/^CER-[0-9]{2}$/))
        #expect(!failure.what.isEmpty && !failure.remedy.isEmpty && !failure.remedy.contains(";"))
    }
}

import Foundation
import TestSupport
import Testing

/// A node that cannot be asked: one that does not run is told from one that runs and does not answer.
@Suite struct AbsentNodeTests {
    @Test(.timeLimit(.minutes(5)))
    func `a running node whose socket is gone is told by its process, and nobody is asked to start another`()
        async throws
    {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        let identifier = try parties.start("lab.aster")
        try await parties.wait("lab.aster") { _ in true }
        try FileManager.default.removeItem(atPath: parties.founding.directory.file("lab.aster/socket"))
        let gone = try await parties.founding.run(["status", "--directory", "lab.aster"])
        #expect(gone.status == 69)
        #expect(gone.error == "process \(identifier) runs here, but does not answer at lab.aster/socket")
        #expect(gone.hint?.contains("see its log") == true && gone.hint?.contains("node run") == false)
        parties.stop("lab.aster")
        let stopped = try await parties.founding.run(["status", "--directory", "lab.aster"])
        #expect(stopped.status == 69 && stopped.error == "no node answers at lab.aster/socket")
    }
}

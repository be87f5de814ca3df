import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Whether there is something to go on with does not change once the run has looked.
@Suite struct CommitterTests {
    private let directory: TemporaryDirectory
    private let folder: StateFolder
    private let committer: Committer

    init() throws {
        directory = try TemporaryDirectory()
        folder = try StateFolder(directory.path("st"))
        committer = try Committer(
            folder,
            from: JournalRecord(),
            isResumed: false,
            sinks: 2,
            stages: 0,
            interval: .zero,
            manifest: nil,
            fail: { Issue.record("\($0)") }
        )
        committer.handOut(0)
        for sink in 0..<2 { committer.add(Checkpoint(token: [1]), of: sink) }
    }

    private func addLastPart() { committer.add(Checkpoint(token: [1]), of: nil) }

    /// Also while somebody still knows of it.
    @Test func aFolderThatARunHasLeftIsFree() throws {
        #expect(throws: StageError.self) { try StateFolder(directory.path("st")) }
        folder.unlock()
        _ = try StateFolder(directory.path("st"))
    }

    @Test func aRecordThatIsCompleteIsWaitedFor() throws {
        addLastPart()
        committer.close()
        #expect(committer.hasRecord)
        #expect(try folder.bytes(of: "checkpoint") != nil)
    }

    /// A sink that is slow may come to its end when the run has failed, and its outputs are removed.
    @Test func whatComesBehindTheEndIsNotWritten() throws {
        committer.close()
        #expect(!committer.hasRecord)
        addLastPart()
        committer.drain()
        #expect(!committer.hasRecord)
        #expect(try folder.bytes(of: "checkpoint") == nil)
    }
}

import MHPipeKit
import Testing

@testable import MHPipeRuntime

/// What is handed out of the lists of sources.
@Suite struct UnitFeedTests {
    /// A list may go on behind what it could not tell, and a worker may ask before the run has ended.
    @Test(arguments: [0, 2], [false, true])
    func nothingBehindAFailureIsHandedOut(readAhead: Int, isFoundAhead: Bool) throws {
        let options = PulledSource.Options(
            next: { pull in
                if pull == 1 { throw StageError("the list is damaged") }
                return pull < 5 ? .unreadable(UnreadableInput(name: "\(pull)", reason: "for a test")) : .end
            },
            readAhead: readAhead
        )
        let source = PulledSource(options, PluginContext(stage: "in"))
        let runner = try SourceRunner("in", source) { _ in }
        let feed = UnitFeed([runner], idle: IdleWorkers(), isStopped: { false })
        #expect(try feed.take(isFirst: true)?.number == 0)
        #expect(throws: StageError.self) {
            if isFoundAhead { _ = try feed.findFirst() } else { _ = try feed.take(isFirst: false) }
        }
        for _ in 0..<3 { #expect(try feed.take(isFirst: false) == nil) }
        #expect(feed.handedOut == 1)
        #expect(!feed.isExhausted)
    }
}

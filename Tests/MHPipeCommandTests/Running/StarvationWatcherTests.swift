import Dispatch
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeCommand

/// When a run that gets no thread is ended.
@Suite(.timeLimit(.minutes(30))) struct StarvationWatcherTests {
    /// Watches for as many looks as a test wants; how often the run was ended by then.
    private func ends(
        looks: Int,
        state: @escaping @Sendable (Int) -> Int,
        givesThreads: @escaping @Sendable (Int) -> Bool
    ) throws -> Int {
        let look = Atomic(0)
        let ends = Atomic(0)
        let isEnough = DispatchSemaphore(value: 0)
        let watcher = try StarvationWatcher(
            state: {
                let number = look.wrappingAdd(1, ordering: .relaxed).newValue
                if number == looks { isEnough.signal() }
                return state(number)
            },
            givesThreads: { givesThreads(look.load(ordering: .relaxed)) },
            second: .milliseconds(1),
            end: { ends.wrappingAdd(1, ordering: .relaxed) }
        )
        isEnough.wait()
        watcher.stop()
        return ends.load(ordering: .relaxed)
    }

    @Test func aRunThatStandsStillWithoutThreadsIsEndedOnce() throws {
        #expect(try ends(looks: 30, state: { _ in 0 }, givesThreads: { _ in false }) == 1)
    }

    @Test func aRunThatGetsOnIsNot() throws {
        #expect(try ends(looks: 30, state: { $0 }, givesThreads: { _ in false }) == 0)
    }

    @Test func aRunThatOnlyWaitsIsNot() throws {
        #expect(try ends(looks: 30, state: { _ in 0 }, givesThreads: { _ in true }) == 0)
    }

    @Test func aRunThatGetsAThreadNowAndThenIsNot() throws {
        #expect(try ends(looks: 60, state: { _ in 0 }, givesThreads: { $0 % 4 == 0 }) == 0)
    }

    /// Another attempt, on another machine or later, may get its threads.
    @Test func anEngineIsToldToTryAgain() {
        var options = TaskOptions()
        #expect(options.codeOfShortage == .failure)
        options.exitCodes = .sysexits
        #expect(options.codeOfShortage == .temporary)
    }
}

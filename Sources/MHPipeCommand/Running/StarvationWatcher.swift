import Dispatch
import MHPipeIO

/// Ends a run that gets no thread any more, since what its parts wait for never comes.
///
/// Whoever hands work to Dispatch waits then for ever. So it watches on a thread of its own, which is there from the start.
final class StarvationWatcher {
    private let thread: PlainThread
    private let isOver = DispatchSemaphore(value: 0)

    /// Seconds without progress during which no thread can be made: others may give some back.
    private static let patience = 20

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - state: Something that changes while the run gets on.
    ///   - givesThreads: Whether a thread can be made; asked while the state stays the same.
    ///   - second: How long to wait between two looks; a second but in tests.
    ///   - end: Called when the run cannot go on, on the watcher's own thread.
    /// - Throws: `PlainThread.Refusal`.
    init<State: Equatable & Sendable>(
        state: @escaping @Sendable () -> State,
        givesThreads: @escaping @Sendable () -> Bool = { MachineProbe.givesThreads },
        second: DispatchTimeInterval = .seconds(1),
        end: @escaping @Sendable () -> Void
    ) throws(PlainThread.Refusal) {
        thread = try PlainThread { [isOver] in
            var last = state()
            var stillFor = 0
            while isOver.wait(timeout: .now() + second) == .timedOut {
                let now = state()
                stillFor = now == last && !givesThreads() ? stillFor + 1 : 0
                last = now
                guard stillFor == Self.patience else { continue }
                end()
            }
        }
    }

    /// Watches no longer.
    func stop() {
        isOver.signal()
        thread.join()
    }
}

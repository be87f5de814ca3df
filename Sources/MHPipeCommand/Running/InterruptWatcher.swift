import Libc
import MHPipeIO
import MHPipeKit

/// Turns SIGINT, SIGTERM and SIGHUP into a cancel, and the second one into an end at once.
///
/// Either way no half file stays, and outputs that are not whole are as they were.
final class InterruptWatcher: Sendable {
    /// What the watcher does with a run; called on the thread that hears signals.
    struct Actions: Sendable {
        /// Ends the run in order; false when it is too late for that.
        var cancel: @Sendable () -> Bool
        /// Removes what is not whole, right before the process ends; false when outputs were being put in their places.
        var abandon: @Sendable () -> Bool
        /// Tells the user what became of the outputs, by what `abandon` said.
        var tell: @Sendable (_ isAborted: Bool) -> Void
        /// Hears of SIGHUP, where that is no interruption.
        var reload: (@Sendable () -> Void)?
    }

    /// How far it is with the interruption.
    private struct State {
        var isCancelled = false
        var isOver = false
        /// When a run that was cancelled is ended at once.
        var deadline: ContinuousClock.Instant?
    }

    /// What a run without a commit may take to end in order; with the programs that are ended then, it is a second.
    private static let patience = Duration.milliseconds(700)

    /// The threads that a check takes: that of signals, and one of Dispatch.
    private static let threads = 2

    private let console: Console
    private let commits: Bool
    private let actions: Actions
    // Held while a signal is answered, so that none is once the watcher has stopped.
    private let state = Locked(State())
    private let number = Locked(0)

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - console: Where signals are answered.
    ///   - commits: True when a run that is cancelled may take its time, to end what is in flight.
    ///   - actions: What is done.
    /// - Throws: `StageError` where there is no thread to watch with.
    init(console: Console, commits: Bool, actions: Actions) throws(StageError) {
        (self.console, self.commits, self.actions) = (console, commits, actions)
        // Whoever starts a program by nohup does not want it to hear of the terminal's end.
        let signals = [SIGINT, SIGTERM] + (actions.reload == nil && Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
        let ear = SignalListener.Ear(
            signals,
            hear: { [weak self] number in self?.hear(number) },
            wait: { [weak self] in self?.state.withLock { $0.deadline }.map(Self.milliseconds) },
            isTime: { [weak self] in self?.endUnlessOver() }
        )
        do throws(MachineProbe.Shortage) {
            let started = try SignalListener.start(ear)
            number.withLock { $0 = started }
        } catch {
            throw StageError(error.message, advice: error.advice)
        }
    }

    /// Does what comes before a run, such as a check, of which a signal leaves nothing: the programs that it has started
    /// are ended.
    ///
    /// - Throws: `StageError` where there are too few threads or descriptors for it.
    static func watching<Value>(_ console: Console, _ work: () -> Value) throws(StageError) -> Value {
        do throws(MachineProbe.Shortage) {
            try MachineProbe.run(threads: threads)
        } catch {
            throw StageError(error.message, advice: error.advice)
        }
        let end: @Sendable () -> Bool = {
            RunningPrograms.endAll()
            _exit(ExitCode.interrupted.value)
        }
        let actions = Actions(cancel: end, abandon: end, tell: { _ in })
        let watcher = try InterruptWatcher(console: console, commits: false, actions: actions)
        defer { watcher.stop() }
        return work()
    }

    /// Gives the signals back to the system, unless one has come: then the process is about to end, and one more ends it at
    /// once, by the same exit code.
    func stop() {
        let isCancelled = state.withLock {
            $0.isOver = true
            $0.deadline = nil
            return $0.isCancelled
        }
        if !isCancelled { SignalListener.stop(number.withLock { $0 }) }
    }

    private func hear(_ number: Int32) {
        state.withLock { state in
            guard !state.isOver else {
                if state.isCancelled { _exit(ExitCode.interrupted.value) }
                return
            }
            if number == SIGHUP, let reload = actions.reload { return reload() }
            guard !state.isCancelled else { end() }
            state.isCancelled = true
            guard actions.cancel() else {
                return console.say(
                    "interrupted, but the outputs are being put in their places; once more to stop at once"
                )
            }
            if commits {
                return console.say("interrupted: finishing what is in flight; once more to stop at once")
            }
            state.deadline = .now + Self.patience
        }
    }

    private func endUnlessOver() {
        state.withLock { state in
            guard !state.isOver, let deadline = state.deadline, deadline <= .now else { return }
            end()
        }
    }

    private func end() -> Never {
        let isAborted = actions.abandon()
        console.abandonProgress()
        actions.tell(isAborted)
        _exit(ExitCode.interrupted.value)
    }

    /// The milliseconds to a time, rounded up; 0 for one that has come.
    private static func milliseconds(to time: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: time)
        return left <= .zero ? 0 : Int32(left / .milliseconds(1)) + 1
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        return unsafe sigaction(number, nil, &action) == 0 && handlerNumber(action) == 1
    }
}

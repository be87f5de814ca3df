import Dispatch
import Libc
import MHPipeIO
import MHPipeKit

/// Turns SIGINT, SIGTERM and SIGHUP into a cancel, and the second one into an end at once.
///
/// Either way no half file stays, and outputs that are not whole are as they were.
final class InterruptWatcher {
    /// What the watcher does with a run; called on the watcher's own queue.
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

    /// Milliseconds that a run without a commit may take to end in order; with the programs that are ended then, it is a
    /// second.
    private static let patience = 700

    /// The threads that watching takes: its own, and that of Dispatch.
    private static let threads = 2

    private let queue = DispatchQueue(label: "mhpipe.signals")
    private let signals: [Int32]
    private let sources: [any DispatchSourceSignal]
    private let progress = Progress()
    /// Empty once Dispatch has let go of the signals.
    private let watched = DispatchGroup()

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - console: Where signals are answered.
    ///   - commits: True when a run that is cancelled may take its time, to end what is in flight.
    ///   - actions: What is done.
    init(console: Console, commits: Bool, actions: Actions) {
        // Whoever starts a program by nohup does not want it to hear of the terminal's end.
        signals = [SIGINT, SIGTERM] + (actions.reload == nil && Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
        let end: @Sendable () -> Void = {
            let isAborted = actions.abandon()
            console.abandonProgress()
            actions.tell(isAborted)
            _exit(ExitCode.interrupted.value)
        }
        sources = signals.map { [queue, progress, watched] number in
            Self.take(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if number == SIGHUP, let reload = actions.reload { return reload() }
                guard !progress.isCancelled else { return end() }
                progress.isCancelled = true
                guard actions.cancel() else {
                    return console.say(
                        "interrupted, but the outputs are being put in their places; once more to stop at once"
                    )
                }
                if commits {
                    return console.say("interrupted: finishing what is in flight; once more to stop at once")
                }
                queue.asyncAfter(deadline: .now() + .milliseconds(Self.patience)) {
                    if !progress.isOver { end() }
                }
            }
            watched.enter()
            source.setCancelHandler { watched.leave() }
            source.activate()
            return source
        }
    }

    /// Does what comes before a run, such as a check, of which a signal leaves nothing: the programs that it has started
    /// are ended.
    ///
    /// - Throws: `StageError` where there are no threads to watch with.
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
        let watcher = InterruptWatcher(console: console, commits: false, actions: actions)
        defer { watcher.stop() }
        return work()
    }

    /// Gives the signals back to the system.
    func stop() {
        for source in sources { source.cancel() }
        watched.wait()
        queue.sync { progress.isOver = true }
        for number in signals { Self.giveBack(number) }
    }

    /// What Dispatch does at a signal, from the first watcher on.
    ///
    /// On Linux it sets its handler only once in a process, so a second watcher hears nothing unless it is put back.
    private static let handlers = Locked<[Int32: sigaction]>([:])

    private static func take(_ number: Int32) {
        handlers.withLock { handlers in
            guard var handler = handlers[number] else { return _ = signal(number, SIG_IGN) }
            unsafe sigaction(number, &handler, nil)
        }
    }

    private static func giveBack(_ number: Int32) {
        handlers.withLock { handlers in
            var handler = sigaction()
            unsafe sigaction(number, nil, &handler)
            handlers[number] = handler
            signal(number, SIG_DFL)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        return unsafe sigaction(number, nil, &action) == 0 && handlerNumber(action) == 1
    }
}

/// How far it is with the interruption.
private final class Progress: @unchecked Sendable /* only the watcher's queue touches it */ {
    var isCancelled = false
    var isOver = false
}

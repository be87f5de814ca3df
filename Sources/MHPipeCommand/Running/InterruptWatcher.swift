import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Turns SIGINT and SIGTERM into a cancel, and the second one into an end at once.
///
/// An end at once leaves the files that sinks write beside their outputs; the outputs themselves are as they were, and
/// the next run replaces what was left.
final class InterruptWatcher {
    private static let signals = [SIGINT, SIGTERM]

    private let sources: [any DispatchSourceSignal]

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - console: Where the first signal is answered.
    ///   - cancel: Called on the watcher's own queue, once.
    init(console: Console, cancel: @escaping @Sendable () -> Void) {
        // Both signals share one count, and one queue keeps it.
        let queue = DispatchQueue(label: "mhpipe.signals")
        let count = SignalCount()
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                count.value += Int(source.data)
                guard count.value == Int(source.data) else {
                    console.abandonProgress()
                    _exit(ExitCode.interrupted.value)
                }
                console.say("interrupted: finishing what is in flight; once more to stop at once")
                cancel()
            }
            source.activate()
            return source
        }
    }

    /// Gives the signals back to the system.
    func stop() {
        for (number, source) in zip(Self.signals, sources) {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }
}

/// The signals seen so far.
private final class SignalCount: @unchecked Sendable /* only the watcher's queue touches it */ {
    var value = 0
}

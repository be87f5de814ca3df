import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Turns SIGINT and SIGTERM into a cancel, and the second one into an end at once.
///
/// Either way no half file stays, and outputs that are not whole are as they were.
final class InterruptWatcher {
    private static let signals = [SIGINT, SIGTERM]

    private let sources: [any DispatchSourceSignal]

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - console: Where the first signal is answered.
    ///   - cancel: Called on the watcher's own queue, once.
    ///   - abandon: Called on the same queue, right before the process ends.
    init(console: Console, cancel: @escaping @Sendable () -> Void, abandon: @escaping @Sendable () -> Void) {
        // Both signals share one count, and one queue keeps it.
        let queue = DispatchQueue(label: "mhpipe.signals")
        let count = SignalCount()
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                count.value += Int(source.data)
                guard count.value == Int(source.data) else {
                    abandon()
                    console.abandonProgress()
                    _exit(ExitCode.interrupted.value)
                }
                cancel()
                console.say("interrupted: finishing what is in flight; once more to stop at once")
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

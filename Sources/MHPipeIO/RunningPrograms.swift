import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The programs that this process has started and not let go of, for an end that leaves no time to end them in order.
package enum RunningPrograms {
    /// The input of each that shall see its end before it is ended, or -1.
    private static let inputs = Mutex<[pid_t: Int32]>([:])

    /// Milliseconds that a program has to clean up.
    private static let grace = 200

    static func add(_ process: pid_t, input: Int32) {
        inputs.withLock { $0[process] = input }
    }

    /// Takes note that a program's input is about to be closed.
    static func forgetInput(of process: pid_t) {
        inputs.withLock { _ = $0.updateValue(-1, forKey: process) }
    }

    static func remove(_ process: pid_t) {
        inputs.withLock { _ = $0.removeValue(forKey: process) }
    }

    /// Ends them all; for a process that ends at once, since whoever talks to them is not told.
    package static func endAll() {
        inputs.withLock { inputs in
            let told = inputs.filter { $0.value >= 0 }
            for process in inputs.keys where told[process] == nil { _ = kill(-process, SIGKILL) }
            // Who still writes there writes to nobody; a number that was closed could be another file's by then.
            let nowhere = open("/dev/null", O_WRONLY)
            for input in told.values { _ = dup2(nowhere, input) }
            for _ in 0..<Self.grace / 10 where told.keys.contains(where: { ProcessGroup.exit(of: $0) == nil }) {
                usleep(10_000)
            }
            for process in told.keys { _ = kill(-process, SIGKILL) }
        }
    }
}

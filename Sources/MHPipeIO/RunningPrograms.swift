import MHPipeKit
import Libc

/// The programs that this process has started and not let go of, for an end that leaves no time to end them in order.
package enum RunningPrograms {
    private struct State {
        /// The input of each that shall see its end before it is ended, or -1.
        var inputs: [pid_t: Int32] = [:]
        /// True once no more may be started.
        var isOver = false
    }

    private static let state = Locked(State())

    /// Milliseconds that a program has to clean up.
    private static let grace = 200

    /// Starts a program; two do not start at once, so that none inherits the pipes of the other.
    ///
    /// - Parameters:
    ///   - endsWithInput: True for one that shall see the end of its input before it is ended.
    ///   - start: Starts it.
    /// - Returns: What `start` returned.
    /// - Throws: What `start` throws.
    static func add(
        endsWithInput: Bool,
        _ start: () throws(ProgramFailure) -> SpawnedProcess
    ) throws(ProgramFailure) -> SpawnedProcess {
        try state.withLock { (state) throws(ProgramFailure) -> SpawnedProcess in
            guard !state.isOver else { throw ProgramFailure("the run is being ended") }
            let started = try start()
            state.inputs[started.process] = endsWithInput ? started.input.number : -1
            return started
        }
    }

    /// Takes note that a program's input is about to be closed.
    static func forgetInput(of process: pid_t) {
        state.withLock { _ = $0.inputs.updateValue(-1, forKey: process) }
    }

    static func remove(_ process: pid_t) {
        state.withLock { _ = $0.inputs.removeValue(forKey: process) }
    }

    /// Ends them all; for a process that ends at once, since whoever talks to them is not told.
    package static func endAll() {
        state.withLock { state in
            state.isOver = true
            let told = state.inputs.filter { $0.value >= 0 }
            for process in state.inputs.keys where told[process] == nil { _ = kill(-process, SIGKILL) }
            // Who still writes there writes to nobody; a number that was closed could be another file's by then.
            let nowhere = unsafe open("/dev/null", O_WRONLY)
            for input in told.values { _ = dup2(nowhere, input) }
            for _ in 0..<Self.grace / 10 where told.keys.contains(where: { ProcessGroup.exit(of: $0) == nil }) {
                usleep(10_000)
            }
            for process in told.keys { _ = kill(-process, SIGKILL) }
        }
    }
}

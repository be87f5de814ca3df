import Libc
import MHPipeKit

/// Hears the signals of the process on a thread of its own, which is there from the first use to the end.
///
/// Dispatch wants a thread more when a signal comes, and whoever gets none any more would not be heard then.
package final class SignalListener: Sendable {
    /// Someone who hears of signals; called on the listener's thread.
    package struct Ear: Sendable {
        let signals: [Int32]
        let hear: @Sendable (Int32) -> Void
        /// Milliseconds until `isTime` is to be called; nil for never.
        let wait: @Sendable () -> Int32?
        let isTime: @Sendable () -> Void

        package init(
            _ signals: [Int32],
            hear: @escaping @Sendable (Int32) -> Void,
            wait: @escaping @Sendable () -> Int32?,
            isTime: @escaping @Sendable () -> Void
        ) {
            (self.signals, self.hear, self.wait, self.isTime) = (signals, hear, wait, isTime)
        }
    }

    private struct State {
        var ears: [Int: Ear] = [:]
        var next = 0
        /// True once the thread is there.
        var isListening = false
    }

    private static let state = Locked(State())

    /// Listens for someone, until `stop` is called with the number.
    ///
    /// - Throws: `MachineProbe.Shortage` where there is no thread or no descriptor.
    package static func start(_ ear: Ear) throws(MachineProbe.Shortage) -> Int {
        guard SignalPipe.reading >= 0 else {
            throw MachineProbe.Shortage(
                message: "cannot open any file: \(SystemFailure.reason(SignalPipe.errorNumber))",
                advice: MachineFault.advice(SignalPipe.errorNumber)
            )
        }
        return try state.withLock { state throws(MachineProbe.Shortage) in
            if !state.isListening {
                do throws(PlainThread.Refusal) {
                    // It ends with the process.
                    _ = try PlainThread { listen() }
                } catch {
                    throw MachineProbe.noThread(error.errorNumber)
                }
                state.isListening = true
            }
            state.next += 1
            state.ears[state.next] = ear
            for number in ear.signals { signal(number) { SignalPipe.tell($0) } }
            return state.next
        }
    }

    /// Listens for someone no longer, and gives the signals back to the system that nobody else listens to.
    package static func stop(_ number: Int) {
        state.withLock { state in
            guard let ear = state.ears.removeValue(forKey: number) else { return }
            for number in ear.signals where !state.ears.values.contains(where: { $0.signals.contains(number) }) {
                signal(number, SIG_DFL)
            }
        }
        // The thread may wait for a time that only this one had asked for.
        SignalPipe.tell(0)
    }

    private static func listen() {
        // A process has the mask of the thread that started it, in which everything may be blocked.
        var heard = sigset_t()
        unsafe sigemptyset(&heard)
        for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&heard, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &heard, nil)
        while true {
            let ears = { state.withLock { $0.ears.sorted { $0.key < $1.key }.map(\.value) } }
            var descriptor = pollfd(fd: SignalPipe.reading, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&descriptor, 1, ears().compactMap { $0.wait() }.min() ?? -1)
            while let number = SignalPipe.next() {
                for ear in ears() where ear.signals.contains(number) { ear.hear(number) }
            }
            for ear in ears() where ear.wait() == 0 { ear.isTime() }
        }
    }
}

/// What a handler of signals may do: write a byte.
private enum SignalPipe {
    private static let ends: (reading: Int32, writing: Int32, errorNumber: Int32) = {
        var ends: (Int32, Int32) = (-1, -1)
        let isMade = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe pipe(bytes.bindMemory(to: Int32.self).baseAddress) == 0
        }
        guard isMade else { return (-1, -1, errno) }
        for descriptor in [ends.0, ends.1] {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        return (ends.0, ends.1, 0)
    }()

    static var reading: Int32 { ends.reading }
    static var errorNumber: Int32 { ends.errorNumber }

    static func tell(_ number: Int32) {
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe write(ends.writing, &byte, 1)
        errno = before
    }

    /// A signal that came; nil when there is none for now.
    static func next() -> Int32? {
        var byte: UInt8 = 0
        return unsafe read(ends.reading, &byte, 1) == 1 ? Int32(byte) : nil
    }
}

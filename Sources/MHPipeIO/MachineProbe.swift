import Libc
import MHPipeKit
import Dispatch

/// Tries whether the machine gives what a run needs, before the run depends on it.
///
/// What is missing later cannot be told any more: Dispatch waits for ever for a thread, and ends the process when it gets
/// no descriptor.
package enum MachineProbe {
    /// The machine gives too little.
    package struct Shortage: Error {
        /// What cannot be had, and why.
        package let message: String
        /// What the user may do about it.
        package let advice: String
    }

    /// The descriptors that Dispatch takes for itself, and one for a file.
    private static let descriptors = 7

    /// Makes as many threads as are wanted, all at a time, and lets them end; likewise a few descriptors.
    ///
    /// - Parameter threads: How many threads the run has at most.
    /// - Throws: `Shortage`.
    package static func run(threads: Int) throws(Shortage) {
        try openDescriptors(descriptors)
        let isOver = DispatchSemaphore(value: 0)
        var made: [PlainThread] = []
        defer {
            for _ in made { isOver.signal() }
            for thread in made { thread.join() }
        }
        do throws(PlainThread.Refusal) {
            while made.count < threads { made.append(try PlainThread { isOver.wait() }) }
        } catch {
            let shortage = made.isEmpty ? "" : " behind the first \(made.count), and the run may need \(threads)"
            throw noThread(error.errorNumber, shortage)
        }
    }

    /// True when a thread can be made now.
    package static var givesThreads: Bool {
        guard let thread = try? PlainThread({}) else { return false }
        thread.join()
        return true
    }

    /// Words for a machine that gives no thread.
    ///
    /// - Parameters:
    ///   - number: The system's error number.
    ///   - detail: What there is to say between what is missing and why.
    /// - Returns: The words.
    package static func noThread(_ number: Int32 = EAGAIN, _ detail: String = "") -> Shortage {
        Shortage(
            message: "cannot make a thread\(detail): \(SystemFailure.reason(number))",
            advice:
                "'ulimit -u' limits the threads of a user, pids.max those of a container, and 'ulimit -v' their memory;"
                + " raise the limit, or take fewer --workers"
        )
    }

    /// Opens some, all at a time.
    private static func openDescriptors(_ count: Int) throws(Shortage) {
        guard count > 0 else { return }
        guard let descriptor = FilePath("/dev/null").open(O_RDONLY) else {
            let number = errno
            guard MachineFault.isOne(number) else { return }
            throw Shortage(
                message: "cannot open any file: \(SystemFailure.reason(number))",
                advice: MachineFault.advice(number)
            )
        }
        try withExtendedLifetime(descriptor) { () throws(Shortage) in try openDescriptors(count - 1) }
    }
}

import Libc

/// An output that could not be written, in the words the user will read.
package struct OutputFailure: Error, Hashable, CustomStringConvertible {
    /// What was to be done when it failed.
    package enum Operation: String, Sendable {
        case write
        case sync
        case replace
    }

    /// The output's name as the user gave it; `-` is standard output.
    package var name: String
    package var operation: Operation
    /// Why, in the system's words where it is the system that refused.
    package var reason: String
    /// The system's error number, or 0 when there is none.
    package var errorNumber: Int32
    /// What the user may do about it, when there is something to say.
    package var advice: String?
    /// True when the output has its name all the same.
    package var isInPlace = false
    /// True when it is not as the last run has left it.
    package var isOfChangedOutput = false

    package init(
        _ name: String,
        _ operation: Operation = .write,
        reason: String,
        errorNumber: Int32 = 0,
        advice: String? = nil
    ) {
        self.name = name
        self.operation = operation
        self.reason = reason
        self.errorNumber = errorNumber
        self.advice = advice
    }

    /// A failed system call; `errorNumber` is what `errno` held right behind it.
    package init(_ name: String, _ operation: Operation = .write, errorNumber: Int32, advice: String? = nil) {
        self.init(
            name,
            operation,
            reason: SystemFailure.reason(errorNumber),
            errorNumber: errorNumber,
            advice: advice ?? Self.advice(errorNumber)
        )
    }

    /// Words for a file that grows from run to run, and that was there before the first.
    static func isThereAlready(_ name: String) -> OutputFailure {
        OutputFailure(
            name,
            reason: "it is there already, and no run whose state is known has written it",
            advice:
                "move it away, since nothing of it may be lost or come twice; or name the folder of the runs that wrote it"
        )
    }

    /// True when the reader at the other end of a pipe has gone away.
    package var isBrokenPipe: Bool { errorNumber == EPIPE }

    /// What failed, on what, and why: `cannot write 'audit.csv': No space left on device`.
    package var message: String {
        "cannot \(operation.rawValue) \(name == "-" ? "standard output" : "'\(name)'"): \(reason)"
    }

    /// The message and the advice.
    package var description: String {
        advice.map { "\(message)\n\($0)" } ?? message
    }

    private static func advice(_ errorNumber: Int32) -> String? {
        switch errorNumber {
        case ENOSPC, EDQUOT: "free some space there, or write to another disk"
        case EROFS: "choose a path on a disk that is mounted for writing"
        case EFBIG: "the disk's format or `ulimit -f` allows no larger file; choose another disk, or a higher limit"
        case EMFILE, ENFILE, ENOMEM, EIO, ESTALE: MachineFault.advice(errorNumber)
        default: nil
        }
    }
}

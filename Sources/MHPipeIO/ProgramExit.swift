#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How a program ended.
package enum ProgramExit: Sendable, Hashable, CustomStringConvertible {
    /// It exited with a status.
    case status(Int32)
    /// A signal ended it.
    case signal(Int32)
    /// Somebody else has waited for it.
    case unknown

    /// Reads what `waitpid` gave; the macros of C that do are not seen from Swift.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .status(waitStatus >> 8 & 0xFF) : .signal(signal)
    }

    /// What happened, to stand behind the name of the program: `ended with status 1`.
    package var description: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let number): "was ended by signal \(number) (\(String(cString: strsignal(number))))"
        case .unknown: "ended"
        }
    }
}

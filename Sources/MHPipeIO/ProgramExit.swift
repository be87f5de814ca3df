import Libc

/// How a program ended.
package enum ProgramExit: Sendable, Hashable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)
    /// Somebody else has waited for it.
    case unknown

    /// Reads what `waitid` gave of a child that has ended.
    init(_ info: siginfo_t) {
        let status = unsafe childStatus(info)
        self = unsafe info.si_code == Int32(CLD_EXITED) ? .status(status) : .signal(status)
    }

    /// What happened, to stand behind the name of the program: `ended with status 1`.
    package var description: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let number): unsafe "was ended by signal \(number) (\(String(cString: strsignal(number))))"
        case .unknown: "ended"
        }
    }
}

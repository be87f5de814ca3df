/// How a command ended, as the shell sees it.
struct ExitCode: Equatable, Sendable {
    let value: Int32

    /// Done, and every input is accounted for; also when the reader of standard output went away.
    static let success = ExitCode(value: 0)
    /// The run failed; outputs are as they were before.
    static let failure = ExitCode(value: 1)
    /// A mistake in the pipeline file or the arguments; nothing ran.
    static let mistake = ExitCode(value: 2)
    /// Done, but some input could not be read.
    static let inputProblems = ExitCode(value: 3)
    /// Done, and the outputs are in their places, but something behind that has failed: the file of `--summary` could not
    /// be written, or a folder not be brought to the disk.
    static let unsettled = ExitCode(value: 4)
    /// What was verified is not as it should be.
    static let different = ExitCode(value: 5)
    /// What `inputProblems` says, and a run that the input has ended, in the codes of sysexits.h (EX_DATAERR).
    static let data = ExitCode(value: 65)
    /// A failure of the machine, the network or a service, likewise (EX_TEMPFAIL).
    static let temporary = ExitCode(value: 75)
    /// Stopped by SIGINT or SIGTERM.
    static let interrupted = ExitCode(value: 130)
}

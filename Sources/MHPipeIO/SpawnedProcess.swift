import Libc
import MHPipeKit

/// A process that was just started, and this side's ends of its pipes.
///
/// posix_spawn takes half a millisecond, where Foundation's `Process` takes fifty.
struct SpawnedProcess: ~Copyable {
    let process: pid_t
    let input: FileDescriptor
    let output: FileDescriptor
    let errors: FileDescriptor

    /// How often a program is tried that somebody writes to, for half a second in all.
    private static let mostTries = 50
    private static let pauseMicroseconds: UInt32 = 10_000

    private struct Pipe: ~Copyable {
        let reading: FileDescriptor
        let writing: FileDescriptor
    }

    /// Starts a program in a process group of its own, with no signal blocked or ignored.
    init(path: String, arguments: [String], environment: [String: String]) throws(ProgramFailure) {
        guard let forInput = Self.makePipe(), let forOutput = Self.makePipe(), let forErrors = Self.makePipe() else {
            throw .ofMachine("no pipe to it can be made", errno)
        }
        let theirs = [forInput.reading.number, forOutput.writing.number, forErrors.writing.number]
        var process: pid_t = 0
        var number = Self.spawn(&process, path, arguments, environment, theirs)
        // Whoever starts a program while another thread has a file open for writing holds it open too, until the exec.
        var tries = 1
        while number == ETXTBSY, tries < Self.mostTries {
            usleep(Self.pauseMicroseconds)
            number = Self.spawn(&process, path, arguments, environment, theirs)
            tries += 1
        }
        guard number == 0 else { throw Self.failure(path, number) }
        self.process = process
        input = forInput.writing
        output = forOutput.reading
        errors = forErrors.reading
    }

    /// - Returns: The error number, or 0.
    private static func spawn(
        _ process: inout pid_t,
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ streams: [Int32]
    ) -> Int32 {
        var actions = unsafe SpawnActions()
        var attributes = SpawnAttributes()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in streams.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        // Arguments are bytes, as paths are.
        var words: [UnsafeMutablePointer<CChar>?] =
            unsafe arguments.map { argument in
                unsafe FilePath(argument).withSystemPath { unsafe strdup($0) }
            } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        return unsafe FilePath(path).withSystemPath {
            unsafe posix_spawn(&process, $0, &actions, &attributes, &words, &variables)
        }
    }

    /// A pipe that no other program inherits, with numbers above those of the standard streams.
    private static func makePipe() -> Pipe? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0, let first = FileDescriptor(owning: ends[0]),
            let second = FileDescriptor(owning: ends[1]), let reading = first.duplicate(),
            let writing = second.duplicate()
        else { return nil }
        return Pipe(reading: reading, writing: writing)
    }

    private static func failure(_ path: String, _ number: Int32) -> ProgramFailure {
        switch number {
        case ENOENT: .noInterpreter(path)
        case ENOEXEC:
            ProgramFailure(
                "'\(path)' is neither a program of this machine nor a script with `#!` in its first line",
                advice: "put its interpreter first: [sh, \(path)]"
            )
        case ETXTBSY: .isBeingWritten(path)
        default:
            number == E2BIG
                ? ProgramFailure("'\(path)' cannot be started: \(SystemFailure.reason(number))")
                : .ofMachine("'\(path)' cannot be started", number)
        }
    }
}

import Libc
import MHPipeKit

/// A process that was just started, and this side's ends of its pipes, which the caller owns.
///
/// posix_spawn takes half a millisecond, where Foundation's `Process` takes fifty.
struct SpawnedProcess {
    let process: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Starts a program in a process group of its own, with no signal blocked or ignored.
    init(path: String, arguments: [String], environment: [String: String]) throws(ProgramFailure) {
        var pipes: [(reading: Int32, writing: Int32)] = []
        for _ in 0..<3 {
            guard let pipe = Self.makePipe() else {
                let number = errno
                for pipe in pipes { Self.close(pipe.reading, pipe.writing) }
                throw .ofMachine("no pipe to it can be made", number)
            }
            pipes.append(pipe)
        }
        let theirs = [pipes[0].reading, pipes[1].writing, pipes[2].writing]
        var process: pid_t = 0
        let number = Self.spawn(&process, path, arguments, environment, theirs)
        Self.close(theirs[0], theirs[1], theirs[2])
        guard number == 0 else {
            Self.close(pipes[0].writing, pipes[1].reading, pipes[2].reading)
            throw Self.failure(path, number)
        }
        self.process = process
        input = pipes[0].writing
        output = pipes[1].reading
        errors = pipes[2].reading
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
    private static func makePipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        let reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 3)
        let writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 3)
        let number = errno
        close(ends[0], ends[1])
        guard reading >= 0, writing >= 0 else {
            close(reading, writing)
            errno = number
            return nil
        }
        return (reading, writing)
    }

    private static func close(_ descriptors: Int32...) {
        for descriptor in descriptors where descriptor >= 0 { systemClose(descriptor) }
    }

    private static func failure(_ path: String, _ number: Int32) -> ProgramFailure {
        switch number {
        case ENOENT: .noInterpreter(path)
        case ENOEXEC:
            ProgramFailure(
                "'\(path)' is neither a program of this machine nor a script with `#!` in its first line",
                advice: "put its interpreter first: [sh, \(path)]"
            )
        default:
            number == E2BIG
                ? ProgramFailure("'\(path)' cannot be started: \(SystemFailure.reason(number))")
                : .ofMachine("'\(path)' cannot be started", number)
        }
    }
}

private func systemClose(_ descriptor: Int32) {
    _ = close(descriptor)
}

import Libc

/// A program that was started in a process group of its own, with all that it starts and does not send out of it.
///
/// The system gives the group's number to nobody else while the program was not waited for, or somebody is left in the
/// group. So it is waited for last, when it is let go of, and no signal reaches a stranger. Used by one thread at a time.
final class ProcessGroup {
    let leader: pid_t
    private var known: ProgramExit?

    /// Milliseconds that what a program leaves behind has to end once it is asked to.
    private static let grace = 200

    /// Takes a program that was started by `RunningPrograms.add`.
    init(leader: pid_t) {
        self.leader = leader
    }

    /// Ends what is left of the group: a program that still runs at once, and what an ended one has left in order.
    deinit {
        RunningPrograms.remove(leader)
        signal(exit == nil ? SIGKILL : SIGTERM)
        if !isGone(within: Self.grace) {
            signal(SIGKILL)
            _ = isGone(within: 0)
        }
    }

    /// How the program ended; nil while it runs.
    var exit: ProgramExit? {
        known = known ?? Self.exit(of: leader)
        return known
    }

    func signal(_ number: Int32) {
        _ = kill(-leader, number)
    }

    /// How a child ended, which stays to be waited for; nil while it runs.
    static func exit(of process: pid_t) -> ProgramExit? {
        var info = unsafe siginfo_t()
        guard unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else {
            return errno == ECHILD ? .unknown : nil
        }
        return unsafe info.si_signo == 0 ? nil : ProgramExit(info)
    }

    private func isGone(within milliseconds: Int) -> Bool {
        for _ in 0...milliseconds / 10 {
            // The program is a child of this process, and so are orphans where this process is the first of a container.
            while waitpid(-leader, nil, WNOHANG) > 0 {}
            if kill(-leader, 0) != 0 { return true }
            // Those whom nobody waits for count until then, so this may take all of its time.
            usleep(10_000)
        }
        return false
    }
}

import Libc
import MHPipeKit
import Testing

@testable import MHPipeIO

/// What is a bad input, and what is a bad machine.
@Suite struct MachineFaultTests {
    @Test(arguments: [ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, EISDIR, ENXIO, ENODEV, EINVAL])
    func anInputIsBad(number: Int32) {
        let failure = InputFailure("a.json", .open, errorNumber: number)
        #expect(!failure.isMachineFault && failure.advice == nil)
        #expect(failure.description == "cannot open 'a.json': \(String(cString: strerror(number)))")
    }

    @Test(arguments: [
        EMFILE, ENFILE, ENOMEM, EIO, ESTALE, ENOSPC, EDQUOT, ETIMEDOUT, EAGAIN, EBADF, ENOTCONN, EHOSTDOWN,
        EHOSTUNREACH,
        ECONNRESET, ENOLCK, EBADMSG, ENOBUFS,
    ])
    func aMachineIsBad(number: Int32) {
        let failure = InputFailure("-", .read, errorNumber: number)
        #expect(failure.isMachineFault && failure.advice?.isEmpty == false)
        #expect(failure.description == "cannot read standard input: \(String(cString: strerror(number)))")
    }

    @Test func aMachineThatWorksHasNoFault() throws {
        #expect(MachineFault.present == nil)
        #expect(MachineProbe.givesThreads)
        try MachineProbe.run(threads: 20)
    }

    @Test func wordsForFewThreadsSayHowMany() {
        let shortage = MachineProbe.noThread(EAGAIN, " behind the first 4")
        #expect(shortage.message == "cannot make a thread behind the first 4: \(String(cString: strerror(EAGAIN)))")
        #expect(shortage.advice.contains("ulimit -u") && shortage.advice.contains("--workers"))
    }
}

import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What someone sees who forgets that `-` is standard input.
@Suite(.timeLimit(.minutes(30))) struct TerminalTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    /// Runs mhpipe with a terminal as its standard input, at which Ctrl-D is pressed once.
    private func run(_ arguments: [String]) throws -> Mhpipe.Result {
        var (keyboard, terminal): (Int32, Int32) = (-1, -1)
        try #require(openpty(&keyboard, &terminal, nil, nil, nil) == 0)
        defer { close(keyboard) }
        let keys: [UInt8] = [4]
        try #require(write(keyboard, keys, keys.count) == keys.count)
        let mhpipe = Mhpipe(folder: folder)
        let process = try mhpipe.process(arguments)
        process.standardInput = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
        return try mhpipe.finish(process)
    }

    @Test func convertSaysThatItWaits() throws {
        let result = try run(["convert", "-", "x.csv", "-q"])
        #expect(result.errors.contains("standard input is a terminal: type or paste log text, then press Ctrl-D\n"))
    }

    @Test(arguments: ["run", "check"])
    func aPipelineThatIsTypedIsWaitedFor(command: String) throws {
        let result = try run([command, "-"])
        #expect(
            result.errors.hasPrefix(
                "mhpipe: standard input is a terminal: type or paste a pipeline, then press Ctrl-D\n"
            )
        )
        #expect(result.status == 2)
    }

    @Test func nothingIsSaidOfAPipe() throws {
        let result = try Mhpipe(folder: folder).run("convert", "-", "-", "-q", input: Trail.file([Trail.hubCall]))
        #expect(result.errors == "")
    }
}

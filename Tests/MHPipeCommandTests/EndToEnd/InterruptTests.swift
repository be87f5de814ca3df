import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What SIGINT, SIGTERM and SIGHUP do to a run whose input is a pipe that the test holds open: it must not wait for it.
///
/// ```
/// test                          mhpipe
/// opens the pipe for writing -> opens it for reading: the run is under way
/// sends the signal           -> ends, though nobody has closed the pipe
/// ```
@Suite(.timeLimit(.minutes(30))) struct InterruptTests {
    private static let old = "the last run's"
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        #expect(mkfifo(folder.path("trail"), 0o600) == 0)
        #expect(mkfifo(folder.path("second"), 0o600) == 0)
        try folder.write(Trail.file([Trail.otherCall]), to: "next.json")
        try folder.write(Self.old, to: "out.jsonl")
    }

    /// A run under way, and the pipe that it reads first.
    private struct Run {
        let process: Process
        let pipe: FileHandle
        private let messages = Pipe()

        init(
            _ folder: TemporaryDirectory,
            _ arguments: [String],
            input: Pipe? = nil,
            environment: [String: String] = [:]
        ) throws {
            let all = arguments + ["out.jsonl", "--workers", "1", "--force"]
            process = try Mhpipe(folder: folder).process(all, environment: environment)
            process.standardError = messages
            if let input { process.standardInput = input }
            try process.run()
            pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
        }

        /// Sends a signal and waits for the end; gives what was said.
        func end(_ signal: Int32) throws -> String {
            kill(process.processIdentifier, signal)
            let text = String(decoding: try messages.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 130)
            return text
        }

        /// Waits for the next line.
        func line() -> String {
            var text = ""
            while !text.hasSuffix("\n") {
                let data = messages.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
            }
            return text
        }
    }

    private func expectNothingElse() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(files.filter { $0.hasSuffix(".tmp") } == [])
    }

    @Test(arguments: signals, ["", "a record"])
    func theOutputStaysAsItWas(signal: Int32, text: String) throws {
        let run = try Run(folder, ["convert", "--quiet", "trail", "next.json"])
        if !text.isEmpty { try run.pipe.write(contentsOf: Data((Trail.hubCall + "\n").utf8)) }
        #expect(
            try run.end(signal) == """
                mhpipe: interrupted: nothing was written, every output is as it was before
                  --on-interrupt commit, or `on_interrupt: commit` in the pipeline, writes what was read by then

                """
        )
        #expect(try folder.read("out.jsonl") == Data(Self.old.utf8))
        try expectNothingElse()
    }

    /// Who hears of signals has its thread already.
    @Test(arguments: signals) func aRunThatGetsNoThreadHearsThemToo(signal: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let environment = library.environment(.pthread_create, EAGAIN, on: "starved")
        let run = try Run(folder, ["convert", "--quiet", "trail", "next.json"], environment: environment)
        try folder.write("", to: "starved")
        #expect(try run.end(signal).hasPrefix("mhpipe: interrupted: nothing was written"))
        #expect(try folder.read("out.jsonl") == Data(Self.old.utf8))
        try expectNothingElse()
    }

    /// Neither a pipe that nobody has opened yet nor standard input is waited for.
    @Test(arguments: ["second", "-"], ["abort", "commit"])
    func anInputThatIsWaitedForEndsTheRun(input: String, policy: String) throws {
        let standardInput = Pipe()
        let run = try Run(
            folder,
            ["convert", "--on-interrupt", policy, "trail", input, "next.json"],
            input: standardInput
        )
        try run.pipe.write(contentsOf: Data(Trail.file([Trail.hubCall]).utf8))
        try run.pipe.close()
        let text = try run.end(SIGTERM)
        let output = String(decoding: try folder.read("out.jsonl"), as: UTF8.self)
        #expect(output == (policy == "abort" ? Self.old : Trail.hubCall + "\n"))
        #expect(text.contains("nothing was written") == (policy == "abort"))
        #expect(text.contains("mhpipe: convert: interrupted after "))
        try expectNothingElse()
        try standardInput.fileHandleForWriting.close()
    }

    /// A pipe has no end to wait for, so what came through it is all of it.
    @Test(arguments: signals)
    func whatWasReadIsCommittedWhereThatIsWanted(signal: Int32) throws {
        let run = try Run(folder, ["convert", "--on-interrupt", "commit", "trail", "next.json"])
        let calls = (0..<3).map { _ in Trail.hubCall + "\n" }.joined()
        try run.pipe.write(contentsOf: Data((calls + #"{"eventVersion":"1.0"#).utf8))
        let text = try run.end(signal)
        let output = String(decoding: try folder.read("out.jsonl"), as: UTF8.self)
        #expect(output == calls, "\(text)")
        #expect(!text.contains("DAMAGED") && !text.contains("QUARANTINED"))
        try expectNothingElse()
    }

    @Test func theTerminalsEndIsNotHeardWhereItIsIgnored() throws {
        let process = try Mhpipe(folder: folder).process(
            ["-c", #"trap '' HUP; exec "$mhpipe" convert --quiet --force trail next.json out.jsonl"#],
            environment: ["mhpipe": Mhpipe.path]
        )
        process.executableURL = URL(filePath: "/bin/sh")
        try process.run()
        let pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
        kill(process.processIdentifier, SIGHUP)
        try pipe.write(contentsOf: Data(Trail.file([Trail.hubCall]).utf8))
        try pipe.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try folder.read("out.jsonl") == Data("\(Trail.hubCall)\n\(Trail.otherCall)\n".utf8))
    }

    /// A reader of standard output that does not read holds the run up, but not its end.
    @Test func aReaderThatDoesNotReadDoesNotKeepTheRun() throws {
        let output = Pipe()
        let process = try Mhpipe(folder: folder).process(["convert", "trail", "-"])
        process.standardOutput = output
        try process.run()
        let pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
        // More than the pipe and all that waits for it can hold: the last write comes back when mhpipe has ended.
        let calls = Data(String(repeating: Trail.hubCall + "\n", count: 5000).utf8)
        let isSent = Gate()
        Thread.detachNewThread {
            signal(SIGPIPE, SIG_IGN)
            while (try? pipe.write(contentsOf: calls)) != nil {}
            isSent.open()
        }
        // The first bytes are there, so the run is under way.
        #expect(try output.fileHandleForReading.read(upToCount: 1)?.isEmpty == false)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        try isSent.pass()
        let text = String(decoding: try folder.read("stderr"), as: UTF8.self)
        #expect(text.contains("every output is as it was before, but for what went to standard output"))
    }
}

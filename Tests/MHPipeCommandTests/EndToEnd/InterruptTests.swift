import Foundation
import MHPipeTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What SIGINT and SIGTERM do to a run whose input is a pipe that the test holds open.
///
/// ```
/// test                          mhpipe
/// opens the pipe for writing -> opens it for reading: the run is under way
/// sends the signal           -> says that it was interrupted
/// reads that from stderr
/// closes the pipe            -> ends
/// ```
@Suite(.timeLimit(.minutes(30))) struct InterruptTests {
    private let folder: TemporaryDirectory
    private let process: Process
    private let messages = Pipe()
    private let pipe: FileHandle

    init() throws {
        folder = try TemporaryDirectory()
        #expect(mkfifo(folder.path("trail"), 0o600) == 0)
        try folder.write(Trail.file([Trail.otherCall]), to: "next.json")
        process = try Mhpipe(folder: folder).process(["convert", "trail", "next.json", "out.jsonl", "--workers", "1"])
        process.standardError = messages
        try process.run()
        pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
    }

    /// Waits for the answer to the first signal.
    private func awaitAnswer() throws -> String {
        var text = ""
        while !text.hasSuffix("\n") {
            let data = messages.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func theFirstSignalLetsWhatIsInFlightEnd(signal: Int32) throws {
        kill(process.processIdentifier, signal)
        let answer = try awaitAnswer()
        #expect(answer == "mhpipe: interrupted: finishing what is in flight; once more to stop at once\n")
        try pipe.write(contentsOf: Data(Trail.file([Trail.hubCall]).utf8))
        try pipe.close()
        let rest = String(decoding: try messages.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(rest.hasPrefix("mhpipe: convert: interrupted after "))
        #expect(process.terminationStatus == 130)
        #expect(process.terminationReason == .exit)
        #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n").utf8))
    }

    @Test func theSecondSignalEndsItAtOnce() throws {
        try folder.write("the last run's", to: "out.jsonl")
        kill(process.processIdentifier, SIGINT)
        _ = try awaitAnswer()
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(process.terminationReason == .exit)
        #expect(try folder.read("out.jsonl") == Data("the last run's".utf8))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(files.filter { $0.hasSuffix(".tmp") } == [])
    }
}

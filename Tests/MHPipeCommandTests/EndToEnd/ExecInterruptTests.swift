import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What becomes of programs when mhpipe gets a signal: none is left, and a sink with a handshake cleans up.
@Suite(.timeLimit(.minutes(30))) struct ExecInterruptTests {
    /// A pipeline in which `program.sh` opens the named pipe `ready` once it runs, and does not end by itself.
    struct Trial: Sendable, CustomTestStringConvertible {
        let name: String
        var command = "run"
        let pipeline: String
        /// The signals, each sent when the one before was answered.
        let signals: [Int32]

        var testDescription: String { name }
    }

    private static let file = "sources: {x: {type: file, path: three.jsonl}}"
    private static let kept = "kept: {type: exec, command: [./keep_file.sh, kept.jsonl], protocol: handshake}"
    private static let source = "sources: {x: {type: exec, command: [sh, program.sh]}}\nsinks: {\(kept)}"
    private static let program = "{type: exec, command: [sh, program.sh], timeout: 900}"
    private static let handshake = "{type: exec, command: [sh, program.sh], timeout: 900, protocol: handshake}"

    static let trials = [
        Trial(name: "source", pipeline: source, signals: [SIGTERM]),
        Trial(name: "source, SIGHUP", pipeline: source, signals: [SIGHUP]),
        Trial(name: "source that commits", pipeline: source + "\non_interrupt: commit", signals: [SIGTERM]),
        Trial(name: "source, twice", pipeline: source, signals: [SIGINT, SIGTERM]),
        Trial(name: "transform", pipeline: file + "\ntransforms: {y: \(program)}\nsinks: {\(kept)}", signals: [SIGINT]),
        Trial(
            name: "transform, twice",
            pipeline: file + "\ntransforms: {y: \(program)}\nsinks: {\(kept)}\non_interrupt: commit",
            signals: [SIGTERM, SIGTERM]
        ),
        Trial(
            name: "sink",
            pipeline: file + "\nsinks: {\(kept), y: {inputs: x, \(program.dropFirst())}",
            signals: [SIGTERM]
        ),
        Trial(
            name: "check",
            command: "check",
            pipeline: file + "\ntransforms: {y: \(handshake)}\nsinks: {\(kept)}",
            signals: [SIGINT]
        ),
        Trial(
            name: "check before a run",
            pipeline: file + "\ntransforms: {y: \(handshake)}\nsinks: {\(kept)}",
            signals: [SIGTERM]
        ),
    ]

    @Test(arguments: trials) func noProgramIsLeft(trial: Trial) throws {
        let folder = try TemporaryDirectory()
        for name in ["alive", "ready"] { #expect(mkfifo(folder.path(name), 0o600) == 0) }
        try folder.write(#"{"eventVersion":"1.08","eventID":"A"}"# + "\n", to: "three.jsonl")
        try folder.write(
            "trap '' TERM INT HUP; exec 3>alive; echo $$ >>pids; : >ready; while :; do sleep 1000; done",
            to: "program.sh"
        )
        try FileManager.default.copyItem(
            at: Repository.root.appending(path: "Plugins/Exec/keep_file.sh"),
            to: folder.url.appending(path: "keep_file.sh")
        )
        try folder.write(trial.pipeline, to: "test.conf")
        let process = try Mhpipe(folder: folder).process([trial.command, "test.conf"])
        let messages = Pipe()
        process.standardError = messages
        try process.run()
        // The program opens both when it runs, and the first stays open while it or what it has started lives.
        let alive = try FileHandle(forReadingFrom: folder.url.appending(path: "alive"))
        _ = try FileHandle(forReadingFrom: folder.url.appending(path: "ready")).readToEnd()
        for (number, signal) in trial.signals.enumerated() {
            if number > 0 { _ = messages.fileHandleForReading.availableData }
            kill(process.processIdentifier, signal)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try folder.read("pids").split(separator: UInt8(ascii: "\n")).count == 1)
        // A program that was killed takes a moment to end; one that was not would keep this waiting.
        #expect(try alive.readToEnd() ?? Data() == Data())
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(files.filter { $0.hasPrefix(".") || $0 == "kept.jsonl" } == [])
    }
}

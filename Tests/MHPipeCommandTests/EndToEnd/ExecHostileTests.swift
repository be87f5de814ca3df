import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// Programs that do what they should not, in each place of a pipeline and in each way to talk: the run ends with the right
/// exit code and message, in bounded time and memory, and no process is left.
@Suite(.timeLimit(.minutes(30))) struct ExecHostileTests {
    /// Where a program stands, and how it talks.
    enum Place: String, CaseIterable {
        case source, transform, sink
        case helloSource, helloTransform, helloSink

        var kind: String { rawValue.replacing("hello", with: "").lowercased() }
        var hasHandshake: Bool { rawValue.hasPrefix("hello") }
    }

    /// A program, and what is said of it in each place; of places that are left out nothing is tried.
    struct Program: Sendable, CustomTestStringConvertible {
        let name: String
        /// A script of sh; `$$` of each process is to be written to `pids`.
        let script: String
        let says: [Place: String]

        var testDescription: String { name }
    }

    private static let silentStart = "has been silent, where its first line was due, for 1 seconds"
    private static let notRecords = "text without any JSON object"
    private static let tooMuch = "more than 1000000 bytes of text (max_file_bytes)"
    private static let silentBatch = "has been silent when 0 of the 3 events of a batch were answered, for 1 seconds"
    private static let silentSource = "has written nothing, for 1 seconds"
    private static let noEnd = "does not end after the last event, for 1 seconds"
    private static let flood = "writes more than 1 MiB where its first line was due"
    private static let silent: [Place: String] = [
        .source: silentSource, .transform: silentBatch, .sink: noEnd,
        .helloSource: silentStart, .helloTransform: silentStart, .helloSink: silentStart,
    ]
    private static let yes = "does not begin with a handshake, but with 'yes'"

    static let programs = [
        Program(
            name: "writes without a line end",
            script: "tr '\\0' x </dev/zero",
            says: [
                .source: notRecords, .transform: "answers 3 events with a line of more than 64 MiB",
                .sink: noEnd, .helloSource: flood, .helloTransform: flood, .helloSink: flood,
            ]
        ),
        Program(
            name: "writes lines without an end",
            script: "yes yes",
            says: [
                .source: notRecords, .transform: "writes more lines than it was given events",
                .sink: noEnd,
                .helloSource: yes, .helloTransform: yes, .helloSink: yes,
            ]
        ),
        Program(
            name: "writes events without an end",
            script: "yes '{\"eventVersion\":\"1.08\"}'",
            says: [
                .source: tooMuch,
                .transform: "writes more lines than it was given events", .sink: noEnd,
            ]
        ),
        Program(
            name: "writes to standard error without an end",
            script: "while :; do echo 'much to say' >&2; done",
            says: silent
        ),
        Program(
            name: "writes to standard error without a line end",
            script: "tr '\\0' x </dev/zero >&2",
            says: silent
        ),
        Program(name: "hangs", script: "sleep 1000", says: silent),
        Program(
            name: "hangs, ignores SIGTERM and has children who do",
            script: "trap '' TERM; sh -c 'echo $$ >>pids; while :; do sleep 1000; done' & while :; do sleep 1000; done",
            says: silent
        ),
        Program(
            name: "hangs and has a child without pipes that ignores SIGTERM",
            script:
                "sh -c 'trap \"\" TERM; echo $$ >>pids; exec >&- 2>&- <&-; while :; do sleep 1000; done' & sleep 1000",
            says: silent
        ),
        Program(
            name: "ends and leaves a child that ignores SIGTERM",
            script:
                "sh -c 'trap \"\" TERM; echo $$ >>pids; exec >&- 2>&- <&-; while :; do sleep 1000; done' & sleep 0.1; exit 4",
            says: [
                .source: "ended with status 4", .transform: "ended with status 4", .sink: "ended with status 4",
                .helloSource: "ended with status 4", .helloTransform: "ended with status 4",
                .helloSink: "ended with status 4",
            ]
        ),
        Program(
            name: "closes its outputs and hangs",
            script: "exec >&- 2>&-; sleep 1000",
            says: [
                .source: "has closed its standard output and does not end", .transform: "closed its standard output",
                .sink: noEnd, .helloSource: "closed its standard output", .helloTransform: "closed its standard output",
                .helloSink: "closed its standard output",
            ]
        ),
        Program(
            name: "says hello and then writes without a line end",
            script: hello + "IFS= read -r start; echo '[\"ok\"]'; tr '\\0' x </dev/zero",
            says: [
                .helloSource: notRecords,
                .helloTransform: "answers 3 events with a line of more than 64 MiB",
                .helloSink: "writes more than 1 MiB ",
            ]
        ),
        Program(
            name: "says hello and then writes lines without an end",
            script: hello + "IFS= read -r start; echo '[\"ok\"]'; yes '[\"ok\",3]'",
            says: [
                .helloTransform: "writes more lines than it was given events",
                .helloSink: "answers more batches than it was given",
            ]
        ),
        Program(
            name: "says hello without an end",
            script: "while :; do \(hello) done",
            says: [.helloSource: "answers the start with", .helloTransform: "answers the start with"]
        ),
        Program(
            name: "says hello and hangs",
            script: hello + "trap '' TERM; while :; do sleep 1000; done",
            says: [
                .helloSource: "has been silent, where its answer to the start was due, for 1 seconds",
                .helloTransform: "has been silent, where its answer to the start was due, for 1 seconds",
                .helloSink: "has been silent, where its answer to the start was due, for 1 seconds",
            ]
        ),
    ]

    private static let hello = #"echo "[\"hello\",{\"protocol\":1,\"kind\":\"$kind\",\"name\":\"x\"}]"; "#

    /// A folder with a pipeline in which a program stands in a place.
    private struct Trial {
        let place: Place
        let folder: TemporaryDirectory

        init(_ script: String, _ place: Place) throws {
            self.place = place
            folder = try TemporaryDirectory()
            let events = ["A", "B", "C"].map { #"{"eventVersion":"1.08","eventID":"\#($0)"}"# + "\n" }
            try folder.write(events.joined(), to: "three.jsonl")
            try folder.write("the last run's\n", to: "out.jsonl")
            try folder.write("echo $$ >>pids; kind=\(place.kind)\n\(script)\n", to: "program.sh")
            try writePipeline(["three.jsonl"])
        }

        func writePipeline(_ inputs: [String], timeout: Int = 1, _ more: String = "") throws {
            let program = """
                type: exec
                    command: [sh, program.sh]
                    timeout: \(timeout)
                    \(place.kind == "sink" ? "" : "restarts: 0")
                    \(place.hasHandshake ? "protocol: handshake" : "")
                """
            let file = "type: file\n    path: [\(inputs.joined(separator: ", "))]"
            try folder.write(
                """
                sources:
                  x:
                    \(place.kind == "source" ? program : file)
                \(place.kind == "transform" ? "transforms:\n  y:\n    \(program)" : "")
                sinks:
                \(place.kind == "sink" ? "  y:\n    \(program)" : "")
                  out:
                    type: jsonl
                    path: out.jsonl
                    inputs: \(place.kind == "transform" ? "y" : "x")
                max_file_bytes: 1000000
                \(more)
                """,
                to: "test.conf"
            )
        }

        /// The end of what mhpipe said.
        var errors: String {
            get throws { String(decoding: try folder.read("errors").suffix(100_000), as: UTF8.self) }
        }

        /// The output; nil while it is what it was.
        var output: String? {
            get throws {
                let text = String(decoding: try folder.read("out.jsonl"), as: UTF8.self)
                return text == "the last run's\n" ? nil : text
            }
        }

        /// The processes that wrote their numbers and still run.
        var survivors: [pid_t] {
            get throws {
                let text = String(decoding: try folder.read("pids"), as: UTF8.self)
                return text.split(separator: "\n").compactMap { pid_t($0) }.filter { process in
                    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
                        return kill(process, 0) == 0
                    }
                    // A zombie has ended, and its parent is another one in a container without a reaper.
                    return status.split(separator: ")").last?.first { $0 != " " } != "Z"
                }
            }
        }

        /// Starts a run; what is read of a program is bounded, and the limit is the net below that.
        func start() throws -> Process {
            let command = "ulimit -v 1500000; exec \"$mhpipe\" run test.conf --quiet 2>errors"
            let process = try Mhpipe(folder: folder).process(["-c", command], environment: ["mhpipe": Mhpipe.path])
            process.executableURL = URL(filePath: "/bin/sh")
            try process.run()
            return process
        }
    }

    @Test(arguments: programs) func theRunEndsAsItShould(program: Program) throws {
        // Most of it is waiting, so all places are tried side by side.
        let trials = try program.says.keys.map { try Trial(program.script, $0) }.map { ($0, try $0.start()) }
        for (trial, process) in trials {
            process.waitUntilExit()
            let errors = try trial.errors
            let place = trial.place
            let message = try #require(program.says[place])
            #expect(errors.contains(message), "\(place): \(errors.suffix(1000))")
            // Only a source that has given something is a damaged input, and what a program says first the check hears.
            let isInput = place.kind == "source" && [Self.notRecords, Self.tooMuch].contains(message)
            let isMistake = place.hasHandshake && !program.script.contains("hello")
            #expect(process.terminationStatus == (isInput ? 3 : isMistake ? 2 : 1), "\(place)")
            #expect(isInput == (try trial.output != nil), "\(place)")
            #expect(try trial.survivors == [], "\(place)")
        }
    }

    /// The filter of whoever knows jq, which leaves the lines of other events out.
    @Test func aFilterThatLeavesLinesOutFailsTheRun() throws {
        let trial = try Trial("while IFS= read -r l; do case $l in *B*);; *) echo \"$l\";; esac; done", .transform)
        let process = try trial.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(
            try trial.errors == """
                mhpipe: transform 'y': 'sh program.sh' ended with status 0 when 2 of the 3 events of a batch were answered, of 'three.jsonl'
                  every event needs an answer; to drop one, answer null (jq: `if COND then . else null end`)

                """
        )
        #expect(try trial.output == nil)
    }

    /// A failure elsewhere ends the run, although a program has a long time to answer.
    @Test func aRunThatFailsDoesNotWaitForItsPrograms() throws {
        let trial = try Trial(
            """
            trap '' TERM
            while IFS= read -r l; do
                case $l in *A*) : >waits; exec sleep 1000;; *D*) while [ ! -e waits ]; do sleep 0.01; done; echo 7;; esac
            done
            """,
            .transform
        )
        try trial.folder.write(#"{"eventVersion":"1.08","eventID":"D"}"#, to: "four.jsonl")
        try trial.writePipeline(["three.jsonl", "four.jsonl"], timeout: 900, "workers: 2")
        let process = try trial.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(try trial.errors.contains("answers event 0 of a batch with '7', which is no event of 'four.jsonl'"))
        #expect(try trial.survivors == [])
    }
}

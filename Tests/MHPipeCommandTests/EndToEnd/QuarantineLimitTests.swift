import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// A quarantine becomes no larger than its limit, and says what it has no room for.
@Suite(.timeLimit(.minutes(30))) struct QuarantineLimitTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for file in 0..<9 {
            try folder.write(
                Trail.file(
                    (0..<4).map { "{\"eventVersion\":bad\($0)\(String(repeating: " ", count: file * 7))}" } + [
                        Trail.hubCall
                    ]
                ),
                to: "logs/\(file).json"
            )
        }
        try folder.write(
            """
            quarantine: bad.jsonl
            checkpoint_every: 0s
            sources: {logs: {type: directory, path: logs}}
            sinks: {all: {type: jsonl, path: all.jsonl}}
            """,
            to: "p.conf"
        )
        #expect(try mhpipe.run("run", "p.conf", "-q", "--quarantine", "whole.jsonl").status == 3)
        try folder.write("quarantine_limit: 1500B\n" + text("p.conf"), to: "p.conf")
    }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    /// The lines of the whole quarantine that the limit has room for, and what is said of the rest.
    private var expected: String {
        get throws {
            var kept = ""
            let lines = try text("whole.jsonl").split(separator: "\n").map { $0 + "\n" }
            for line in lines {
                if kept.utf8.count + line.utf8.count > 1500 { break }
                kept += line
            }
            let left = lines.count - kept.split(separator: "\n").count
            #expect(left > 0 && !kept.isEmpty)
            return kept
                + "{\"scope\":\"limit\",\"file\":\"bad.jsonl\",\"leftOut\":\(left),"
                + "\"reason\":\"no room for \(left) more (quarantine_limit: 1500 bytes)\"}\n"
        }
    }

    @Test(arguments: [1, 4]) func whatThereIsNoRoomForIsCounted(workers: Int) throws {
        let result = try mhpipe.run("run", "p.conf", "--workers", "\(workers)", "--summary", "s.json")
        #expect(result.status == 3)
        #expect(try text("bad.jsonl") == expected)
        #expect(result.errors.contains("'bad.jsonl' has reached its limit of 1500 bytes"))
        #expect(result.errors.contains("NOT KEPT"))
        let summary = try JSONDecoder().decode(JSONTree.self, from: folder.read("s.json"))
        let left = 36 - (try text("bad.jsonl").split(separator: "\n").count - 1)
        #expect(summary["quarantineLeftOut"]?.integer == left && summary["eventsQuarantined"]?.integer == 36)
    }

    @Test func aFullQuarantineEndsTheRunWhereThatIsAskedFor() throws {
        try folder.write("on_quarantine_limit: fail\n" + text("p.conf"), to: "p.conf")
        let result = try mhpipe.run("run", "p.conf", "-q")
        #expect(result.status == 1)
        #expect(
            result.errors.contains("the quarantine 'bad.jsonl' has reached its limit of 1500 bytes (quarantine_limit)")
        )
        #expect(!FileManager.default.fileExists(atPath: folder.path("bad.jsonl")))
        // With room for all, nothing is said.
        try folder.write(text("p.conf").replacing("1500B", with: "1MB"), to: "p.conf")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 3)
        #expect(try text("bad.jsonl") == text("whole.jsonl"))
    }

    @Test func aKilledRunGoesOnToTheSameQuarantine() throws {
        let expected = try expected
        for units in 1...9 {
            _ = try mhpipe.runAndKill(["run", "p.conf", "-q", "--state", "st"], at: units * 16)
            #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st").status == 3)
            #expect(try text("bad.jsonl") == expected)
        }
    }

    @Test func aLimitWithoutAQuarantineIsWarnedOf() throws {
        try folder.write(text("p.conf").replacing("quarantine: bad.jsonl\n", with: ""), to: "p.conf")
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.status == 0 && result.errors.contains("the pipeline has none"))
    }
}

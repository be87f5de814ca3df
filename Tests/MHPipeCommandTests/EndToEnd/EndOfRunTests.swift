import Foundation
import MHPipePlan
import MHPipeTestSupport
import Testing

/// Every end of a run, whatever was there before: what is left, the exit code, and what is said.
@Suite(.timeLimit(.minutes(30))) struct EndOfRunTests {
    /// What `out.csv` is before the run.
    enum Before: CaseIterable {
        case nothing, file, link
    }

    /// What `out.csv` is after the run.
    enum Left: Sendable {
        case asBefore
        /// The names of these events, below the header.
        case events([String])
    }

    struct End: Sendable, CustomTestStringConvertible {
        var name: String
        /// The sources; sinks are `out.csv` and what else is given.
        var source = "{type: file, path: trail.json}"
        var sinks = ""
        var settings = ""
        /// What the shell runs.
        var command = #""$mhpipe" run test.conf"#
        var left: Left
        var status: Int32
        var said: [String]

        var testDescription: String { name }
    }

    private static let kill = #"{type: exec, command: [sh, -c, "cat trail.json; kill -%S $PPID; sleep 20"]}"#

    private static let ends: [End] = [
        End(
            name: "all is read",
            left: .events(["One", "Two"]),
            status: 0,
            said: ["test: done in", "2  written to out.csv"]
        ),
        End(
            name: "a record is bad",
            source: "{type: file, path: bad.json}",
            left: .events(["One", "Three"]),
            status: 3,
            said: ["bad.json: record 1 ", "1  LEFT OUT"]
        ),
        End(
            name: "the first problem ends it",
            source: "{type: file, path: bad.json}",
            settings: "on_error: fail",
            left: .asBefore,
            status: 1,
            said: ["stopped at the first problem in the input: bad.json"]
        ),
        End(
            name: "another output is full",
            sinks: "full: {type: jsonl, path: /dev/full}",
            left: .asBefore,
            status: 1,
            said: ["cannot write '/dev/full': No space left on device"]
        ),
        End(
            name: "another output does not open",
            sinks: "closed: {type: jsonl, path: '-'}",
            command: #""$mhpipe" run test.conf >&-"#,
            left: .asBefore,
            status: 1,
            said: ["cannot write standard output: it is not open for writing"]
        ),
        End(
            name: "the reader of another output goes away",
            source: "{type: synthetic, events: 30000}",
            sinks: "lines: {type: jsonl, path: '-'}",
            command: #"{ "$mhpipe" run test.conf; echo "exit $?" >&2; } | head -n 1 >first"#,
            left: .events([]),
            status: 0,
            said: ["exit 0\n", "made for standard output, whose reader went away", "30,000  written to out.csv"]
        ),
        End(
            name: "the program of another output goes away",
            source: "{type: synthetic, events: 30000}",
            sinks: "lines: {type: exec, command: [head, -n, '1']}",
            left: .asBefore,
            status: 1,
            said: ["sink 'lines': 'head -n 1' "]
        ),
        End(
            name: "nothing to read",
            source: "{type: directory, path: empty}",
            left: .asBefore,
            status: 0,
            said: ["warning: nothing to read, so nothing was written: every output is as it was before"]
        ),
        End(
            name: "nothing to read, which is ignored",
            source: "{type: directory, path: empty}",
            settings: "on_empty: ignore",
            left: .events([]),
            status: 0,
            said: ["0  written to out.csv"]
        ),
        End(
            name: "nothing to read, which fails",
            source: "{type: directory, path: empty}",
            settings: "on_empty: fail",
            left: .asBefore,
            status: 1,
            said: ["there is nothing to read: no source gave a file"]
        ),
        End(
            name: "nothing but what cannot be read",
            source: "{type: directory, path: pipes}",
            left: .asBefore,
            status: 3,
            said: ["pipes/p.json: it is a named pipe, not a file", "1  UNREADABLE", "every output is as it was before"]
        ),
        End(
            name: "SIGTERM",
            source: kill.replacing("%S", with: "TERM"),
            left: .asBefore,
            status: 130,
            said: ["interrupted: nothing was written, every output is as it was before", "on_interrupt: commit"]
        ),
        End(
            name: "SIGINT",
            source: kill.replacing("%S", with: "INT"),
            left: .asBefore,
            status: 130,
            said: ["interrupted: nothing was written, every output is as it was before"]
        ),
        End(
            name: "SIGHUP",
            source: kill.replacing("%S", with: "HUP"),
            left: .asBefore,
            status: 130,
            said: ["interrupted: nothing was written, every output is as it was before"]
        ),
        End(
            name: "SIGTERM, what was read is wanted",
            source:
                #"{type: exec, command: [sh, -c, "cat trail.json; kill -TERM $PPID; sleep 20"]}"#,
            settings: "workers: 1\non_interrupt: commit",
            left: .events(["One", "Two"]),
            status: 130,
            said: ["interrupted: finishing what is in flight", "test: interrupted after", "2  written to out.csv"]
        ),
    ]

    @Test(arguments: ends, Before.allCases)
    func endsAsItShould(end: End, before: Before) throws {
        let folder = try TemporaryDirectory()
        try folder.write(Trail.file(["One", "Two"].map(Self.call)), to: "trail.json")
        try folder.write(Trail.file([Self.call("One"), "{nonsense}", Self.call("Three")]), to: "bad.json")
        try folder.write("", to: "empty/notes.txt")
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "pipes"),
            withIntermediateDirectories: false
        )
        #expect(mkfifo(folder.path("pipes/p.json"), 0o600) == 0)
        try folder.write(
            """
            pipeline: test
            \(end.settings)
            sources:
              first: \(end.source)
              second: \(end.source.contains("kill") ? "{type: file, path: trail.json}" : "{type: directory, path: empty}")
            sinks:
              out: {type: csv, path: out.csv, columns: [eventName]}
              \(end.sinks)

            """,
            to: "test.conf"
        )
        switch before {
        case .nothing: break
        case .file: try folder.write("old", to: "out.csv")
        case .link:
            try folder.write("old", to: "real.csv")
            try FileManager.default.createSymbolicLink(atPath: folder.path("out.csv"), withDestinationPath: "real.csv")
        }
        let result = try Mhpipe(folder: folder).shell(end.command)
        #expect(result.status == end.status, "\(result.errors)")
        for text in end.said { #expect(result.errors.contains(text), "\(text) in \(result.errors)") }
        let output = try? String(decoding: folder.read("out.csv"), as: UTF8.self)
        switch end.left {
        case .asBefore: #expect(output == (before == .nothing ? nil : "old"))
        case .events(let names) where !end.source.contains("synthetic"):
            #expect(output == (["eventName"] + names).map { $0 + "\r\n" }.joined())
        case .events: #expect(output?.split(separator: "\r\n").count == 30_001)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(files.filter { $0.hasPrefix(".") } == [])
        if before == .link {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("out.csv")) == "real.csv")
        }
    }

    private static func call(_ name: String) -> String {
        #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"\#(name)"}"#
    }
}

import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe explain`: what became of an event, where, and why.
@Suite struct ExplainTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              once: {type: dedupe}
              named: {type: rename, fields: {sourceIPAddress: from}}
              roots: {type: filter, where: 'userIdentity.type == "Root" && !has(errorCode)'}
            sinks:
              out: {type: jsonl, path: out.jsonl}
            """,
            to: "p.conf"
        )
        try folder.write(
            Self.records(
                Self.record("a", type: "Root"),
                Self.record("b", type: "IAMUser"),
                Self.record("a", type: "Root")
            ),
            to: "logs/a.json"
        )
    }

    private static func record(_ id: String, type: String, more: String = "") -> String {
        """
        {"eventVersion":"1.08","userIdentity":{"type":"\(type)"},"eventTime":"2026-05-01T10:00:00Z",\
        "eventSource":"s3.amazonaws.com","eventName":"PutObject","sourceIPAddress":"10.0.0.1","eventID":"\(id)"\(more)}
        """
    }

    private static func records(_ records: String...) -> String { "{\"Records\":[\(records.joined(separator: ","))]}" }

    private static let ofB = """
        event b, PutObject of s3.amazonaws.com, 2026-05-01T10:00:00Z
          record 1 of 'logs/a.json'
          dropped by 'roots'
        source logs (directory): read
        transform once (dedupe): kept
        transform named (rename): kept
            + from = "10.0.0.1"
            - sourceIPAddress = "10.0.0.1"
        transform roots (filter): dropped
            does not hold: userIdentity.type == "Root"
                userIdentity.type is "IAMUser"
        not reached: out

        """

    @Test func `an event is looked for in the pipeline's own input`() throws {
        let result = try mhpipe.run("explain", "p.conf", "--event-id", "b")
        #expect(result.text == Self.ofB, "\(result.errors)")
        #expect(result.status == 0)
        // Nothing is written.
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test func `a copy is told as one behind the first`() throws {
        let result = try mhpipe.run("explain", "p.conf", "--event-id", "a")
        #expect(result.text.contains("  record 0 of 'logs/a.json'\n  written by 'out'\n"), "\(result.errors)")
        #expect(
            result.text.contains(
                """
                  record 2 of 'logs/a.json'
                  dropped by 'once'
                source logs (directory): read
                transform once (dedupe): dropped
                    an event that came before has the same
                        eventID is "a"
                        recipientAccountId is missing
                not reached: named, roots, out

                """
            )
        )
    }

    @Test(arguments: ["one", "array", "lines", "file", "pretty"])
    func `an event may come in any form`(form: String) throws {
        let (b, c) = (Self.record("b", type: "IAMUser"), Self.record("c", type: "Root"))
        let text =
            switch form {
            case "one": b
            case "array": "[\(b),\(c)]"
            case "lines": b + "\n" + c + "\n"
            case "file": Self.records(b, c)
            default: b.replacing(",", with: ",\n  ").replacing("{", with: "{\n  ")
            }
        let result = try mhpipe.run("explain", "p.conf", "--event", "-", input: text)
        #expect(result.status == 0, "\(result.errors)")
        let ofB = Self.ofB.replacing("record 1 of 'logs/a.json'", with: "record 0 of '<stdin>'")
        #expect(result.text.hasPrefix(ofB), "\(result.text)")
        #expect(result.text.contains("event c") == ["array", "lines", "file"].contains(form))
    }

    @Test func `each port, each way and each sink is told`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              ways:
                type: route
                match: all
                ports: {root: 'userIdentity.type == "Root"', put: 'eventName == "PutObject"', none: has(errorCode)}
              both: {type: time_bucket, every: 1h, as: hour, inputs: [ways.root, ways.put]}
            sinks:
              out: {type: jsonl, path: out.jsonl, inputs: both}
              bad: {type: csv, path: bad.csv, inputs: ways.none}
            """,
            to: "ways.conf"
        )
        let result = try mhpipe.run("explain", "ways.conf", "--event-id", "a")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.text.hasPrefix(
                """
                event a, PutObject of s3.amazonaws.com, 2026-05-01T10:00:00Z
                  record 0 of 'logs/a.json'
                  written by 'out'
                source logs (directory): read
                transform ways (route): kept on root, put
                    root: holds: userIdentity.type == "Root"
                        userIdentity.type is "Root"
                    put: holds: eventName == "PutObject"
                        eventName is "PutObject"
                    none: does not hold: has(errorCode)
                        errorCode is missing
                transform both (time_bucket): kept, by 2 ways
                    + hour = "2026-05-01T10:00:00Z"
                sink out (jsonl): written to 'out.jsonl', by 2 ways
                """
            ),
            "\(result.text)"
        )
    }

    @Test func `a way on which an event is dropped is told beside those that it goes on by`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              named: {type: rename, fields: {sourceIPAddress: from}}
              both: {type: filter, where: has(sourceIPAddress), inputs: [logs, named]}
            sinks:
              out: {type: jsonl, path: out.jsonl, inputs: both}
            """,
            to: "both.conf"
        )
        let result = try mhpipe.run("explain", "both.conf", "--event-id", "b")
        #expect(
            result.text.contains(
                """
                  written by 'out'; dropped by 'both' on 1 of 2 ways
                source logs (directory): read
                transform named (rename): kept
                    + from = "10.0.0.1"
                    - sourceIPAddress = "10.0.0.1"
                transform both (filter): kept, by 1 of 2 ways
                    holds: has(sourceIPAddress)
                        sourceIPAddress is "10.0.0.1"
                    dropped on 1 of 2 ways:
                        does not hold: has(sourceIPAddress)
                            sourceIPAddress is missing
                sink out (jsonl): written to 'out.jsonl'
                """
            ),
            "\(result.text)\(result.errors)"
        )
        let json = try mhpipe.run("explain", "both.conf", "--event-id", "b", "--json")
        let document = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
        let stages = ((document?["events"] as? [[String: Any]])?.first?["stages"] as? [[String: Any]]) ?? []
        #expect(stages.map { $0["ways"] as? Int } == [1, 1, 2, 1])
        #expect(stages.map { $0["dropped"] as? Int } == [0, 0, 1, 0])
        #expect((stages[2]["dropReasons"] as? [[String: Any]])?.first?["holds"] as? Bool == false)
    }

    @Test func `events that a stage makes are followed from there`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              counted: {type: aggregate, by: [userIdentity.type]}
              many: {type: filter, where: 'count > 1'}
            sinks:
              out: {type: jsonl, path: out.jsonl}
            """,
            to: "groups.conf"
        )
        let result = try mhpipe.run("explain", "groups.conf", "--event", "logs/a.json")
        #expect(result.status == 0, "\(result.errors)")
        let ways = result.text.components(separatedBy: "\n\n")
        #expect(ways.count == 5, "\(result.text)")
        #expect(ways[0].contains("transform counted (aggregate): dropped\n    it is counted in a group"))
        let kept = ways.filter { $0.contains("  made by 'counted'\n  written by 'out'\n") }
        #expect(kept.count == 1 && kept[0].contains("transform counted (aggregate): made\n"), "\(result.text)")
        #expect(kept.first?.contains("    + count = 2\n") == true)
        #expect(ways.contains { $0.contains("  made by 'counted'\n  dropped by 'many'\n") })
        let json = try mhpipe.run("explain", "groups.conf", "--event", "logs/a.json", "--json")
        let document = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
        let events = try #require(document?["events"] as? [[String: Any]])
        #expect(events.compactMap { $0["madeBy"] as? String } == ["counted", "counted"])
        #expect(events.compactMap { $0["file"] as? String }.count == 3)
    }

    @Test func `a source that does not select an event says so`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs, since: 2026-06}
            sinks:
              out: {type: jsonl, path: out.jsonl}
            """,
            to: "late.conf"
        )
        let result = try mhpipe.run("explain", "late.conf", "--event", "logs/a.json")
        #expect(result.text.contains("source logs (directory): not selected\n"), "\(result.errors)")
        #expect(result.text.contains("        eventTime is \"2026-05-01T10:00:00Z\"\n"))
    }

    /// What the names of files and folders rule out is not opened, and an event in it is not missing.
    @Test(arguments: [
        "accounts: ['444455556666']", "regions: [us-east-1]", "since: 2026-06-20, late: 1d", "until: 2026-03, late: 1d",
    ]) func `an event in a folder that was never opened is not said to be nowhere`(selection: String) throws {
        let record = Self.record(
            "z",
            type: "Root",
            more: ",\"awsRegion\":\"eu-west-1\",\"recipientAccountId\":\"111122223333\""
        )
        try folder.write(
            Self.records(record),
            to: "trail/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/01/"
                + "111122223333_CloudTrail_eu-west-1_20260501T1005Z_AAAAAAAAAAAAAAAA.json"
        )
        try folder.write(
            """
            sources:
              logs: {type: directory, path: trail, \(selection)}
            sinks:
              out: {type: jsonl, path: out.jsonl}
            """,
            to: "some.conf"
        )
        let missing = try mhpipe.run("explain", "some.conf", "--event-id", "z")
        #expect(missing.status == 1)
        #expect(
            missing.errors.contains("mhpipe: no event has the eventID 'z': 0 events in 0 files were read\n"),
            "\(missing.errors)"
        )
        #expect(
            missing.errors.contains(
                "  1 folder was never opened, since by its key it holds nothing that the sources select"
            )
        )
        #expect(missing.errors.contains("  '--everywhere' looks there as well\n"))
        let found = try mhpipe.run("explain", "some.conf", "--event-id", "z", "--everywhere")
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.text.contains("source logs (directory): not selected\n    the source does not select it\n"))
        let nowhere = try mhpipe.run("explain", "some.conf", "--event-id", "y", "--everywhere")
        #expect(nowhere.status == 1)
        #expect(nowhere.errors == "mhpipe: no event has the eventID 'y': 1 event in 1 file was read\n")
    }

    @Test func `what is held and put into order keeps its identity`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              sorted: {type: sort, by: eventID, descending: true}
              counted: {type: aggregate, by: [eventName]}
            sinks:
              out: {type: jsonl, path: out.jsonl, inputs: sorted}
              counts: {type: jsonl, path: counts.jsonl, inputs: counted}
            """,
            to: "order.conf"
        )
        let result = try mhpipe.run("explain", "order.conf", "--event-id", "b")
        #expect(result.text.contains("transform sorted (sort): kept\n"), "\(result.errors)")
        #expect(result.text.contains("transform counted (aggregate): dropped\n    it is counted in a group"))
        #expect(result.text.contains("sink out (jsonl): written to 'out.jsonl'\n"))
        #expect(result.text.hasSuffix("\nnot reached: counts\n"))
    }

    @Test func `sinks show what they would write, and where`() throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            sinks:
              lines: {type: jsonl, path: 'lake/{eventName}/{eventTime:%Y}.jsonl', columns: [eventID, userIdentity.type]}
              table: {type: csv, path: 't.csv.gz', columns: [eventID, eventTime, errorCode, note], delimiter: semicolon}
              rows: {type: sqlite, path: rows.db, columns: [eventID, readOnly, note, count, errorCode]}
            """,
            to: "views.conf"
        )
        let record = Self.record("a", type: "Root", more: ",\"note\":\"it's;\",\"readOnly\":true,\"count\":1.5")
        let result = try mhpipe.run("explain", "views.conf", "--event", "-", input: record)
        #expect(
            result.text.hasSuffix(
                """
                source logs (directory): read
                sink lines (jsonl): written to 'lake/PutObject/2026.jsonl'
                    {"eventID":"a","userIdentity_type":"Root"}
                sink table (csv): written to 't.csv.gz'
                    eventID: a
                    eventTime: 2026-05-01T10:00:00Z
                    note: "it's;"
                    1 other column is empty
                sink rows (sqlite): written to 'rows.db'
                    eventID: 'a'
                    readOnly: 1
                    note: 'it''s;'
                    count: 1.5
                    1 other column is empty

                """
            ),
            "\(result.text)\(result.errors)"
        )
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false)))
                .isDisjoint(with: ["lake", "t.csv.gz", "rows.db"])
        )
    }

    @Test func `a machine gets JSON`() throws {
        let result = try mhpipe.run("explain", "p.conf", "--event-id", "b", "--json")
        let document = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        #expect(document?["schema"] as? Int == 1)
        let event = try #require((document?["events"] as? [[String: Any]])?.first)
        let stages = try #require(event["stages"] as? [[String: Any]])
        #expect(stages.map { $0["fate"] as? String } == ["kept", "kept", "kept", "dropped", "not_reached"])
        let reason = (stages[3]["reasons"] as? [[String: Any]])?.first
        #expect(reason?["text"] as? String == "userIdentity.type == \"Root\"")
        #expect(reason?["holds"] as? Bool == false)
    }

    @Test(arguments: [
        ("IAMUser", "kept, by 2 ways"), ("Root", "kept, by 1 of 2 ways"), ("AWSService", "dropped, by 2 ways"),
    ]) func `the ways that are counted are those of the word before them`(type: String, words: String) throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              named: {type: rename, fields: {sourceIPAddress: from}}
              both:
                type: filter
                where: userIdentity.type == "IAMUser" || userIdentity.type == "Root" && has(sourceIPAddress)
                inputs: [logs, named]
            sinks:
              out: {type: jsonl, path: out.jsonl, inputs: both}
            """,
            to: "both.conf"
        )
        try folder.write(Self.records(Self.record("x", type: type)), to: "x.json")
        let result = try mhpipe.run("explain", "both.conf", "--event", "x.json")
        #expect(result.text.contains("transform both (filter): \(words)\n"), "\(result.text)\(result.errors)")
    }

    @Test(arguments: [0, 1, 2]) func `events are counted in words`(count: Int) throws {
        let records = (0..<count).map { Self.record("\($0)", type: "Root") }
        try folder.write("{\"Records\":[\(records.joined(separator: ","))]}", to: "logs/a.json")
        let result = try mhpipe.run("explain", "p.conf", "--event-id", "zz")
        let words = count == 1 ? "1 event in 1 file was read" : "\(count) events in 1 file were read"
        #expect(result.errors.hasPrefix("mhpipe: no event has the eventID 'zz': \(words)\n"), "\(result.errors)")
    }

    @Test(arguments: [
        (["--event-id", "zz"], 1, "mhpipe: no event has the eventID 'zz': 3 events in 1 file were read"),
        ([], 2, "mhpipe: 'explain' needs an event"),
        (["--event", "x", "--event-id", "a"], 2, "mhpipe: '--event' and '--event-id' are two ways"),
        (["--event", "missing.json"], 2, "mhpipe: cannot read 'missing.json'"),
        (["--event", "logs"], 2, "mhpipe: cannot read 'logs': it is a folder"),
        (
            ["--event", "logs/a.json", "--source", "lgos"], 2,
            "mhpipe: the pipeline has no source 'lgos': did you mean 'logs'?"
        ),
        (["--event-id", "a", "--source", "logs"], 2, "mhpipe: '--source' goes with '--event'"),
        (["--event", "logs/a.json", "--everywhere"], 2, "mhpipe: '--everywhere' goes with '--event-id'"),
    ]) func `what cannot be told is said`(arguments: [String], status: Int32, message: String) throws {
        let result = try mhpipe.run(arguments: ["explain", "p.conf"] + arguments)
        #expect(result.status == status)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
        #expect(result.text == "")
    }

    @Test func `an event beside input that cannot be read ends with 3`() throws {
        try folder.write("{\"Records\":[{\"eventVersion\":", to: "logs/bad.json")
        let found = try mhpipe.run("explain", "p.conf", "--event-id", "b")
        #expect(found.text == Self.ofB)
        #expect(found.status == 3)
        let missing = try mhpipe.run("explain", "p.conf", "--event-id", "zz")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("some input could not be read; the event may be there"))
    }

    @Test func `a queue is not read for a look`() throws {
        try folder.write(
            """
            sources:
              logs: {type: sqs, queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/trail'}
            sinks:
              out: {type: jsonl, path: out.jsonl}
            """,
            to: "queue.conf"
        )
        let refused = try mhpipe.run("explain", "queue.conf", "--event-id", "a")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("mhpipe: source 'logs' takes away what it reads"))
        let told = try mhpipe.run("explain", "queue.conf", "--event", "logs/a.json")
        #expect(told.status == 0, "\(told.errors)")
        #expect(told.text.contains("sink out (jsonl): written"))
    }

    @Test func `outputs and the state of earlier runs stay as they are`() throws {
        let options = ["--state", "state", "--mode", "append"]
        #expect(try mhpipe.run(arguments: ["run", "p.conf", "--quiet"] + options).status == 0)
        let names = { try FileManager.default.subpathsOfDirectory(atPath: folder.path("state")).sorted() }
        let (output, state) = (try folder.read("out.jsonl"), try names())
        let result = try mhpipe.run("explain", "p.conf", "--event-id", "a", "--set", "sinks.out.path=out.jsonl")
        #expect(result.text.contains("  written by 'out'\n"), "\(result.errors)")
        #expect(try folder.read("out.jsonl") == output)
        #expect(try names() == state)
    }
}

import Foundation
import MHPipeBuiltins
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// Accounts, regions and times that sources are asked for: what is opened, what comes out, what is said.
@Suite struct SelectionTests {
    private let folder: TemporaryDirectory

    private static func record(_ account: String, _ region: String, _ time: String) -> String {
        #"{"eventVersion":"1.08","eventID":"\#(account)/\#(region)/\#(time)","eventTime":"\#(time)","awsRegion":"\#(region)","#
            + #""userIdentity":{"type":"Root","accountId":"999900001111"},"recipientAccountId":"\#(account)"}"#
    }

    init() throws {
        folder = try TemporaryDirectory()
        for account in ["111122223333", "444455556666"] {
            for region in ["us-east-1", "eu-west-1"] {
                for day in ["2026/04/30", "2026/05/01", "2026/05/31", "2026/06/02", "2026/07/01"] {
                    let dashed = day.replacingOccurrences(of: "/", with: "-")
                    let name = "\(account)_CloudTrail_\(region)_\(day.filter { $0 != "/" })T1200Z_x.json"
                    try folder.write(
                        Trail.file(["T00:00:00Z", "T23:59:59Z"].map { Self.record(account, region, dashed + $0) }),
                        to: "t/AWSLogs/\(account)/CloudTrail/\(region)/\(day)/\(name)"
                    )
                }
            }
        }
    }

    private func run(_ arguments: String...) throws -> (ids: [String], errors: String, summary: [String: Any]) {
        let run = try Mhpipe(folder: folder).run(
            arguments: ["convert"] + arguments + ["-", "--summary", "s.json", "--force"]
        )
        #expect(run.status == 0, "\(run.errors)")
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any] ?? [:]
        let ids = run.text.split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["eventID"] as? String
        }
        let counts = ["files", "filesLeftOut", "otherFiles", "filesPruned", "unreadable"].map {
            summary[$0] as? Int ?? -1
        }
        #expect(summary["filesSeen"] as? Int == counts.reduce(0, +))
        #expect((summary["eventsIn"] as? Int) == ids.count + (summary["eventsFiltered"] as? Int ?? -1))
        return (ids, run.errors, summary)
    }

    @Test func `one account, one region and one month are read, and nothing else is opened`() throws {
        // What is outside need not be good.
        try folder.write("no log", to: "t/AWSLogs/444455556666/CloudTrail/us-east-1/2026/05/01/bad.json")
        try folder.write("no log", to: "t/AWSLogs/111122223333/CloudTrail/us-east-1/2026/07/01/bad.json")
        let result = try run(
            "t",
            "--account",
            "111122223333",
            "--region",
            "us-east-1",
            "--since",
            "2026-05",
            "--until",
            "2026-05-31",
            "--late",
            "2d"
        )
        #expect(
            result.ids == [
                "111122223333/us-east-1/2026-05-01T00:00:00Z", "111122223333/us-east-1/2026-05-01T23:59:59Z",
                "111122223333/us-east-1/2026-05-31T00:00:00Z", "111122223333/us-east-1/2026-05-31T23:59:59Z",
            ]
        )
        #expect(result.summary["files"] as? Int == 3)
        // The other account, the other region, April and July.
        #expect(result.summary["foldersPruned"] as? Int == 4)
        #expect(result.summary["eventsNotSelected"] as? Int == 2)
        #expect(result.errors.contains("4  folders never opened: by their keys, nothing in them is selected"))
        #expect(result.errors.contains("2  not selected by account, region or time"))
    }

    @Test func `thirty days of slack are usual`() throws {
        let result = try run("t", "--until", "2026-05-31", "--account", "111122223333", "--region", "us-east-1")
        #expect(result.summary["files"] as? Int == 4)
        #expect(result.summary["foldersPruned"] as? Int == 3)
    }

    @Test func `files are pruned by their names where they stand, in both sources`() throws {
        let names = ["20260430T2359Z_a", "20260501T0000Z_b"].map { "111122223333_CloudTrail_us-east-1_\($0).json" }
        for name in names {
            try folder.write(
                Trail.file([Self.record("111122223333", "us-east-1", "2026-05-01T00:00:00Z")]),
                to: "flat/" + name
            )
        }
        for arguments in [["flat"], names.map { "flat/" + $0 }] {
            let run = try Mhpipe(folder: folder).run(
                arguments: ["convert"] + arguments + ["-", "--since", "2026-05-01", "--summary", "s.json", "--force"]
            )
            let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
            #expect(summary?["filesSeen"] as? Int == 2)
            #expect(summary?["files"] as? Int == 1)
            #expect(summary?["filesPruned"] as? Int == 1)
            #expect(run.errors.contains("1  never opened: by their keys, nothing in them is selected"))
        }
    }

    @Test func `a folder inside a tree knows where it is`() throws {
        let result = try run("t/AWSLogs/111122223333/CloudTrail/us-east-1", "--since", "2026-07")
        #expect(result.ids.count == 2)
        #expect(result.summary["foldersPruned"] as? Int == 3)
        // The path of the folder is that of no key, but the folder has another one.
        let start = folder.path("t/AWSLogs/111122223333/CloudTrail/us-east-1/2026")
        let run = try Mhpipe(folder: folder).run(arguments: ["convert", start + "/.", "-", "--since", "2026-07", "-q"])
        #expect(run.text.split(separator: "\n").count == 2)
    }

    @Test func `what is no key is opened, and records decide`() throws {
        let other =
            #"{"eventVersion":"1.08","eventID":"\#("a")","eventTime":"2026-05-01T00:00:00Z","userIdentity":{"accountId":"111122223333"}}"#
        try folder.write(
            Trail.file([
                Self.record("111122223333", "us-east-1", "2026-05-01T00:00:00Z"),
                Self.record("444455556666", "us-east-1", "2026-05-01T00:00:00Z"), other,
            ]),
            to: "x/AWSLogs/444455556666/notes.json"
        )
        let result = try run("x", "--account", "111122223333", "--since", "2026-05-01", "--until", "2026-05-01")
        #expect(result.ids == ["111122223333/us-east-1/2026-05-01T00:00:00Z", "a"])
        #expect(result.summary["eventsWithoutField"] as? Int == 0)
    }

    static let undecided = [
        #""awsRegion":"us-east-1","eventTime":"2026-05-01T00:00:00Z""#,
        #""awsRegion":"us-east-1","eventTime":"2026-05-01T00:00:00Z","recipientAccountId":"","userIdentity":{"accountId":7}"#,
        #""awsRegion":"us-east-1","eventTime":"2026-05-01T00:00:00Z","recipientAccountId":null,"userIdentity":null"#,
        #""awsRegion":"","eventTime":"2026-05-01T00:00:00Z","recipientAccountId":"111122223333""#,
        #""awsRegion":null,"eventTime":"2026-05-01T00:00:00Z","recipientAccountId":"111122223333""#,
        #""awsRegion":"us-east-1","eventTime":"May 1","recipientAccountId":"111122223333""#,
        #""awsRegion":"us-east-1","recipientAccountId":"111122223333""#,
    ]
    static let decided = [
        (#""recipientAccountId":"111122223333","userIdentity":{"accountId":"444455556666"}"#, true),
        (#""recipientAccountId":"444455556666","userIdentity":{"accountId":"111122223333"}"#, false),
        (#""recipientAccountId":"","userIdentity":{"accountId":"111122223333"}"#, true),
        (#""userIdentity":{"accountId":"444455556666"}"#, false),
        (#""recipientAccountId":"\u0031\u003111122223333""#, false),
        (#""recipientAccountId":"\u0031\u00311122223333""#, true),
    ]

    private func select(_ fields: String) throws -> (count: Int, summary: [String: Any]) {
        try folder.write(#"{"eventVersion":"1.08","eventID":"a",\#(fields)}"# + "\n", to: "one.json")
        let result = try run(
            "one.json",
            "--account",
            "111122223333",
            "--region",
            "us-east-1",
            "--since",
            "2026-05-01",
            "--until",
            "2026-05-01"
        )
        return (result.ids.count, result.summary)
    }

    @Test(arguments: undecided) func `an event without the field stays and is counted`(fields: String) throws {
        let result = try select(fields)
        #expect(result.count == 1)
        #expect(result.summary["eventsWithoutField"] as? Int == 1)
    }

    @Test(arguments: decided) func `the account is the one that received the event`(fields: String, isKept: Bool) throws
    {
        let result = try select(#""awsRegion":"us-east-1","eventTime":"2026-05-01T00:00:00Z","# + fields)
        #expect(result.count == (isKept ? 1 : 0))
        #expect(result.summary["eventsWithoutField"] as? Int == 0)
    }

    static let nothing = [
        (
            ["t", "--account", "111122223334"],
            "'input': selects nothing: 2 folders were never opened: by their keys they are of accounts 111122223333, "
                + "444455556666 (did you mean '111122223333'?); where keys and records name different accounts, a "
                + "condition asks the records alone: recipientAccountId == \"111122223334\""
        ),
        (
            ["t/AWSLogs/111122223333", "--region", "us-west-2"],
            "'input': selects nothing: 2 folders were never opened: by their keys they are of regions eu-west-1, us-east-1"
        ),
        (
            ["t", "--since", "2027"],
            "'input': selects nothing: 4 folders were never opened: by their keys they are from 2026-01-01 to 2026-12-31"
        ),
        (
            ["t", "--since", "2026-07-02"],
            "'input': selects nothing: 16 folders were never opened: by their keys they are from 2026-04-01 to 2026-07-01"
        ),
        (
            ["one.json", "--account", "111122223334"],
            "'input': selects nothing: the 1 event that was read is of account 111122223333 (did you mean '111122223333'?)"
                + "; where keys and records name different accounts, a condition asks the records alone: "
                + "recipientAccountId == \"111122223334\""
        ),
        (["one.json", "--until", "2026-04"], "'input': selects nothing: the 1 event that was read is from 2026-05-01"),
    ]

    @Test(arguments: nothing) func `a selection that leaves nothing says what there is`(
        arguments: [String],
        warning: String
    ) throws {
        try folder.write(Self.record("111122223333", "us-east-1", "2026-05-01T00:00:00Z"), to: "one.json")
        let run = try Mhpipe(folder: folder).run(
            arguments: ["convert"] + arguments + ["-", "--summary", "s.json", "--force"]
        )
        #expect(run.status == 0)
        #expect(run.text == "")
        #expect(run.errors.contains("mhpipe: warning: \(warning)\n"), "\(run.errors)")
        #expect(try String(decoding: folder.read("s.json"), as: UTF8.self).contains("selects nothing"))
    }

    @Test func `it is said also where that fails the run`() throws {
        let run = try Mhpipe(folder: folder).run(arguments: [
            "convert", "t", "-", "--since", "2027", "--on-empty", "fail",
        ])
        #expect(run.status == 1)
        #expect(run.errors.contains("'input': selects nothing: 4 folders were never opened: by their keys"))
    }

    @Test func `what lacks the field does not hide that nothing was found`() throws {
        try folder.write(#"{"eventVersion":"1.08","eventID":"a"}"# + "\n", to: "one.json")
        let run = try Mhpipe(folder: folder).run(arguments: [
            "convert", "one.json", "t", "-", "--account", "111122223334",
        ])
        #expect(run.text.split(separator: "\n").count == 1)
        #expect(run.errors.contains("'input_2': selects nothing: 2 folders were never opened"))
        #expect(!run.errors.contains("'input_1': selects nothing"))
        #expect(run.errors.contains("1  without a field to select by, which stay in"))
    }

    static let mistakes = [
        ("accounts: [111122223333, 44445555666]", "5:30", "a digit is missing"),
        ("since: 2026-02-30", "5:12", "names a day that does not exist"),
        ("until: tomorrow", "5:12", "needs a day, a month, a time or an age"),
        ("late: a while", "5:11", "needs a length of time such as 30d, 12h or 90m"),
        ("since: 2026-06\n    until: 2026-05", "5:12", "is behind 'until'"),
        ("since: 1d\n    until: 2020-05", "5:12", "is behind 'until'"),
        ("accounts: []", "5:15", "needs at least one"),
        ("account: [111122223333]", "5:5", "did you mean 'accounts'?"),
        ("from: 2026-05", "5:5", "did you mean 'since'?"),
    ]
    static let warnings = [
        ("regions: [us-east-1, us-est-1]", "5:26", "did you mean 'us-east-1'?"),
        ("regions: US-EAST-1", "5:14", "did you mean 'us-east-1'?"),
        ("late: 3d", "5:11", "changes nothing without 'since' or 'until'"),
    ]

    private func check(_ options: String) throws -> CommandRun {
        let pipeline =
            "sources:\n  logs:\n    type: directory\n    path: \(folder.path("t"))\n    \(options)\n"
            + "sinks: {o: {type: jsonl, path: '-'}}\n"
        return CommandRun(["check", try folder.write(pipeline, to: "p.conf")], plugins: .builtin)
    }

    @Test(arguments: mistakes) func `mistakes are shown at their column`(options: String, place: String, text: String)
        throws
    {
        let run = try check(options)
        #expect(run.exitCode == 2)
        #expect(run.errors.contains("p.conf:\(place)\n"), "\(run.errors)")
        #expect(run.errors.contains(text), "\(run.errors)")
    }

    @Test(arguments: warnings) func `what is likely not meant is a warning`(
        options: String,
        place: String,
        text: String
    ) throws {
        let run = try check(options)
        #expect(run.exitCode == 0)
        #expect((run.output + run.errors).contains("p.conf:\(place)\n"), "\(run.errors)")
        #expect((run.output + run.errors).contains(text), "\(run.errors)")
    }

    @Test func `several values stand in one argument or in several`() throws {
        let two = ["--account", "111122223333, 444455556666", "--region", "us-east-1"]
        let again = ["--account", "111122223333", "--account", "444455556666", "--region", "us-east-1"]
        for arguments in [two, again] {
            let run = try Mhpipe(folder: folder).run(arguments: ["convert", "t", "-", "-q"] + arguments)
            #expect(run.text.split(separator: "\n").count == 20)
        }
    }
}

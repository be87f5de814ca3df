import Foundation
import MHPipeTestSupport
import Testing

/// What is to be hidden and is in no event, what is looked up and is in no table, and runs that find nothing.
@Suite struct UnmatchedTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        let records = ["012345678901", "111122223333"].map { account in
            #"{"eventVersion":"1.08","eventName":"CreateDBInstance","recipientAccountId":"\#(account)","#
                + #""requestParameters":{"masterUserPassword":"s3cret","a":{"b":1}}}"#
        }
        try folder.write(records.joined(separator: "\n") + "\n", to: "in.jsonl")
    }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    private func run(_ stage: String) throws -> Mhpipe.Result {
        try folder.write("old", to: "out.jsonl")
        try folder.write(
            """
            sources: {in: {type: file, path: in.jsonl}}
            transforms: {t: {\(stage)}}
            sinks: {out: {type: jsonl, path: out.jsonl}}
            """,
            to: "p.conf"
        )
        return try mhpipe.run("run", "p.conf")
    }

    @Test(arguments: [
        ("requestParameters.masterUserPasswort", "fail", 1), ("requestParameters.nothing", "fail", 1),
        ("requestParameters.masterUserPassword", "fail", 0), ("requestParameters.masterUserPasswort", "warn", 0),
        ("requestParameters.a, requestParameters.a.b", "fail", 0), ("userIdentity.accessKeyId", "fail", 1),
        ("requestParameters.masterUserPassword, requestParameters.x", "fail", 1),
    ])
    func nothingIsWrittenWhereAFieldWasNotHidden(fields: String, policy: String, status: Int32) throws {
        let run = try run("type: redact, fields: [\(fields)], unmatched: \(policy)")
        #expect(run.status == status, "\(run.errors)")
        #expect((try text("out.jsonl") == "old") == (status != 0))
        let isSaid = run.errors.contains("that is to be hidden, and `unmatched` is fail")
        #expect(isSaid == (status != 0), "\(run.errors)")
    }

    @Test func noEventsAreNoMistake() throws {
        try folder.write(#"{"Records":[]}"#, to: "in.jsonl")
        #expect(try run("type: redact, fields: [requestParameters.x], unmatched: fail").status == 0)
    }

    @Test(arguments: [
        ("12345678901,blue\n111122223333,red", "a key is no account id of 12 digits, such as '12345678901': a zero"),
        ("1.23456789012E+11,blue", "such as '1.23456789012E+11'"), ("1.23457E+11,blue", "such as '1.23457E+11'"),
        ("012345678901,blue\n111122223333,red", nil), ("default,blue", nil),
    ])
    func idsThatLostDigitsAreTold(rows: String, warning: String?) throws {
        try folder.write("account,team\n\(rows)\n", to: "teams.csv")
        let run = try run("type: lookup, table: teams.csv, field: recipientAccountId, as: unit")
        #expect(run.status == 0)
        #expect(run.errors.contains("no account id of 12 digits") == (warning != nil), "\(run.errors)")
        if let warning { #expect(run.errors.contains(warning), "\(run.errors)") }
        let misses = rows.contains("012345678901,") ? 0 : rows.contains("111122223333") ? 1 : 2
        #expect(run.errors.contains("adds nothing to 1 of 2 events") == (misses == 1), "\(run.errors)")
        #expect(run.errors.contains("adds nothing: ") == (misses == 2), "\(run.errors)")
    }

    @Test func whatHasNoPrefixInTheTableIsNothingToSpeakOf() throws {
        try folder.write("start,site\n1111,x\n", to: "t.csv")
        let run = try run("type: lookup, table: t.csv, field: recipientAccountId, as: unit, match: prefix")
        #expect(run.status == 0 && !run.errors.contains("adds nothing"), "\(run.errors)")
    }

    /// Whatever leaves nothing, the output of an earlier run does not pass for the answer.
    @Test(
        arguments: [
            (["--account", "999900001111"], 0), (["--since", "2030"], 0), (["--region", "eu-west-1"], 0),
            (["--where", "eventName == \"x\""], 0), (["--until", "2001"], 0),
            (["--account", "999900001111", "--on-empty", "fail"], 1),
        ] as [([String], Int32)]
    )
    func convertLeavesNoStaleAnswer(options: [String], status: Int32) throws {
        let key = "t/AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/01/"
        try folder.write(
            Trail.file([Trail.hubCall]),
            to: key + "111122223333_CloudTrail_us-east-1_20260501T1200Z_x.json"
        )
        try folder.write("old", to: "o.csv")
        let run = try mhpipe.run(arguments: ["convert", "t", "o.csv", "--force"] + options)
        #expect(run.status == status, "\(run.errors)")
        let written = try text("o.csv")
        #expect(
            status == 0
                ? written.hasPrefix("eventTime,") && written.hasSuffix("additionalEventData\r\n") : written == "old"
        )
    }

    @Test(
        arguments: [
            ([], 1), (["--account", "999900001111"], 1), (["--on-empty", "warn"], 0), (["--on-empty", "ignore"], 0),
        ] as [([String], Int32)]
    )
    func convertFailsWhereThereIsNothingToRead(options: [String], status: Int32) throws {
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "t"),
            withIntermediateDirectories: true
        )
        try folder.write("old", to: "o.csv")
        let run = try mhpipe.run(arguments: ["convert", "t", "o.csv", "--force"] + options)
        #expect(run.status == status, "\(run.errors)")
        #expect((try text("o.csv") == "old") == !options.contains("ignore"))
    }

    @Test(arguments: [
        (",", "a,b;c", "\"a,b;c\""), (";", "a,b;c", "\"a,b;c\""), (";", "a,b", "a,b"), ("tab", "a,b;c", "a,b;c"),
        (";", "a;b,c", "\"a;b,c\""), (";", "12345678;", "\"12345678;\""),
    ])
    func cellsHaveADelimiter(delimiter: String, value: String, cell: String) throws {
        try folder.write(
            #"{"eventVersion":"1.08","eventName":"\#(value)","awsRegion":"\#(value)"}"# + "\n",
            to: "in.jsonl"
        )
        let sign = delimiter == "tab" ? "\t" : delimiter
        let run = try mhpipe.run(arguments: [
            "convert", "in.jsonl", "-", "-q", "--to", "csv", "--columns", "eventName, awsRegion", "--delimiter",
            delimiter,
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text == "eventName\(sign)awsRegion\r\n\(cell)\(sign)\(cell)\r\n")
    }
}

import Foundation
import MHPipeBuiltins
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// A run that kept nothing, and columns that stayed empty, are told with what the events have instead.
@Suite struct EmptyResultTests {
    private static let records = [
        #"{"eventVersion":"1.08","eventTime":"2026-01-01T00:00:00Z","eventSource":"s3.amazonaws.com","#
            + #""eventName":"PutObject","userIdentity":{"type":"IAMUser","userName":"ana","accessKeyId":""},"#
            + #""requestParameters":{"bucketName":"logs","key":"a"},"responseElements":null,"readOnly":false}"#,
        #"{"eventVersion":"1.08","eventTime":"2026-01-01T00:00:01Z","eventSource":"ec2.amazonaws.com","#
            + #""eventName":"RunInstances","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b"},"#
            + #""requestParameters":{"instancesSet":{"items":[]}},"responseElements":null,"readOnly":false}"#,
        #"{"eventVersion":"1.08","eventTime":"2026-01-01T00:00:02Z","eventSource":"sts.amazonaws.com","#
            + #""eventName":"GetCallerIdentity","userIdentity":{"type":"IAMUser","userName":"bob"},"#
            + #""requestParameters":null,"responseElements":null,"readOnly":true}"#,
    ]

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stages: String
        /// What the run warns of, the stage before a colon.
        var warnings: [String]

        init(_ name: String, _ stages: String, _ warnings: String...) {
            testDescription = name
            self.stages = stages
            self.warnings = warnings
        }

        /// One filter; the warning is what follows the number of events.
        init(filter name: String, _ options: String, _ reason: String) {
            testDescription = name
            stages = "transforms: {f: {type: filter, \(options)}}\n"
            warnings = ["f: does not keep any of its 3 events: \(reason)"]
        }
    }

    static let nothingKept = [
        Case(filter: "another case", "field: eventNames, equals: PutObject", "no event has the field 'eventNames'"),
        Case(
            filter: "a misspelt parameter",
            "field: requestParameters.bucktName, exists: true",
            "no event has the field 'requestParameters.bucktName'; did you mean 'requestParameters.bucketName'?"
        ),
        Case(
            filter: "a parameter like no other",
            "field: requestParameters.instancesSet.owner, equals: x",
            "no event has the field 'requestParameters.instancesSet.owner'; 'requestParameters.instancesSet' has items"
        ),
        Case(
            filter: "a field that is null",
            "field: responseElements, exists: true",
            "'responseElements' is null or empty in every event"
        ),
        Case(
            filter: "another value",
            "field: eventSource, equals: migrationhub",
            "'eventSource' is never 'migrationhub'; it is 'ec2.amazonaws.com', 's3.amazonaws.com', "
                + "'sts.amazonaws.com'"
        ),
        Case(
            filter: "another case of a value",
            "field: eventName, equals: putobject",
            "'eventName' is never 'putobject'; did you mean 'PutObject'?"
        ),
        Case(
            filter: "one of several values nearly there",
            "field: eventName, any_of: [Nothing, RunInstance]",
            "'eventName' is never one of the 2 texts; did you mean 'RunInstances'?"
        ),
        Case(
            filter: "a pattern",
            "field: eventName, matches: ^put",
            "'eventName' never matches '^put'; it is 'GetCallerIdentity', 'PutObject', 'RunInstances'"
        ),
        Case(filter: "a field that is there", "field: eventName, exists: false", "every event has 'eventName'"),
        Case(
            filter: "a test that all pass",
            "field: eventVersion, equals: '1.08', not: true",
            "'eventVersion' passes the test in every event, and 'not' turns it round"
        ),
        Case(
            "no call of the family",
            "transforms: {hub: {type: migration_hub}}\n",
            "hub: does not keep any of its 3 events: none is a call that 'services' has; 'eventSource' is "
                + "'ec2.amazonaws.com', 's3.amazonaws.com', 'sts.amazonaws.com'"
        ),
        Case(
            "the second of two stages",
            """
            transforms:
              reads: {type: filter, field: readOnly, equals: 'true'}
              late: {type: filter, field: eventName, equals: getcalleridentity}
            """,
            "late: does not keep its 1 event: 'eventName' is never 'getcalleridentity'; did you mean 'GetCallerIdentity'?"
        ),
        Case(
            "two branches, and neither keeps anything",
            """
            transforms:
              f: {type: filter, field: errorCode, exists: true, inputs: logs}
              g: {type: filter, field: eventName, equals: PutObjects, inputs: logs}
            sinks:
              o: {type: jsonl, path: "-", inputs: f}
              p: {type: jsonl, path: p.jsonl, inputs: g}
            """,
            "f: does not keep any of its 3 events: no event has the field 'errorCode'",
            "g: does not keep any of its 3 events: 'eventName' is never 'PutObjects'; did you mean 'PutObject'?"
        ),
    ]

    static let somethingKept = [
        Case("something is kept", "transforms: {f: {type: filter, field: eventName, equals: PutObject}}\n"),
        Case(
            "a branch that keeps nothing is an ordinary thing, unless it asks for a parameter that no event has",
            """
            transforms:
              f: {type: filter, field: errorCode, exists: true, inputs: logs}
              g: {type: filter, field: eventName, equals: DeleteTrail, inputs: logs}
              h: {type: filter, field: requestParameters.bucket_name, exists: true, inputs: logs}
            sinks:
              o: {type: jsonl, path: "-", inputs: logs}
              p: {type: jsonl, path: p.jsonl, inputs: [f, g, h]}
            """,
            "h: does not keep any of its 3 events: no event has the field 'requestParameters.bucket_name'; "
                + "did you mean 'requestParameters.bucketName'?"
        ),
    ]

    static let columns = [
        Case("default columns", "sinks: {o: {type: csv, path: '-'}}\n"),
        Case(
            "columns that are filled",
            "sinks: {o: {type: csv, path: '-', columns: [eventName, requestParameters.key]}}\n"
        ),
        Case(
            "columns that stay empty",
            """
            transforms: {who: {type: identity}}
            sinks:
              o:
                type: csv
                path: "-"
                columns:
                  - eventName
                  - errorCode
                  - requestParameters.bucktName
                  - responseElements
                  - userIdentity.accessKeyId
                  - identity.mfa
                  - eventNames
            """,
            "o: the column 'errorCode' is empty: no event has that field",
            "o: the column 'requestParameters.bucktName' is empty: no event has that field; "
                + "did you mean 'requestParameters.bucketName'?",
            "o: the column 'responseElements' is empty: it is null or empty in every event",
            "o: the column 'userIdentity.accessKeyId' is empty: no event has that field; "
                + "'userIdentity' has arn, type, userName",
            "o: the column 'identity.mfa' is empty: no event has that field; 'identity' has actor, basis, "
                + "byService, kind, role, rootOrUser, session, temporaryCredentials",
            "o: the column 'eventNames' is empty: no event has that field"
        ),
        Case(
            "in a database",
            "sinks: {o: {type: sqlite, path: o.db, columns: [eventName, requestParameters.bucktName]}}\n",
            "o: the column 'requestParameters.bucktName' is empty: no event has that field; "
                + "did you mean 'requestParameters.bucketName'?"
        ),
        Case(
            "in a compressed file",
            "sinks: {o: {type: csv, path: o.csv.gz, columns: [eventName, errorCode]}}\n",
            "o: the column 'errorCode' is empty: no event has that field"
        ),
        Case(
            "no events, no word of columns",
            """
            transforms: {f: {type: filter, field: eventName, equals: PutObjects}}
            sinks: {o: {type: csv, path: "-", columns: [eventName, errorCode]}}
            """,
            "f: does not keep any of its 3 events: 'eventName' is never 'PutObjects'; did you mean 'PutObject'?"
        ),
    ]

    private static let missing =
        "no event has the field 'requestParameters.bucktName'; did you mean 'requestParameters.bucketName'?"

    /// One transform that goes by a field which no event has; the warnings are its own.
    private static func misspelt(_ options: String, _ more: String...) -> Case {
        var example = Case(options, "transforms: {t: {type: \(options)}}\n", "t: " + missing)
        example.warnings += more.map { "t: " + $0 }
        return example
    }

    static let transforms = [
        misspelt("redact, fields: [requestParameters.bucktName]"),
        misspelt("redact, fields: [sourceIPAddress, requestParameters.bucktName]"),
        misspelt("remove, fields: [requestParameters.bucktName]"),
        misspelt("rename, fields: {requestParameters.bucktName: bucket}"),
        misspelt("parse_json, fields: [requestParameters.bucktName]"),
        misspelt("sample, rate: 1, by: requestParameters.bucktName"),
        misspelt("sort, by: [eventTime, requestParameters.bucktName]"),
        misspelt("aggregate, by: [requestParameters.bucktName]"),
        misspelt("aggregate, by: [eventName], distinct: [requestParameters.bucktName]"),
        misspelt("dedupe, by: [eventTime, requestParameters.bucktName]"),
        misspelt("filter, where: 'has(requestParameters.bucktName) || has(eventName)'"),
        misspelt(
            "select, fields: [requestParameters.bucktName]",
            "leaves nothing of any event: none has a field that 'fields' names"
        ),
        misspelt(
            "time_bucket, every: 1h, field: requestParameters.bucktName",
            "adds nothing: 'requestParameters.bucktName' is no time in any event, or not there"
        ),
        misspelt(
            "lookup, table: t.csv, field: requestParameters.bucktName, as: x",
            "adds nothing: 't.csv' has no key for what any event has as its 'requestParameters.bucktName'"
        ),
        Case(
            "a condition whose other part is for all events of one name",
            "transforms: {t: {type: filter, where: 'eventName == \"PutObject\" && requestParameters.bucktName == \"x\"'}}\n",
            "t: does not keep any of its 3 events: no event meets the condition",
            "t: of the events whose 'eventName' passes, none has the field 'requestParameters.bucktName'; "
                + "did you mean 'requestParameters.bucketName'?"
        ),
        Case(
            "a condition whose other part no event of one name can have",
            "transforms: {t: {type: filter, where: 'eventName == \"RunInstances\" && requestParameters.bucketName == \"x\"'}}\n",
            "t: does not keep any of its 3 events: no event meets the condition"
        ),
        Case(
            "keys of a table that are none",
            "transforms: {t: {type: lookup, table: t.csv, field: eventName, as: x}}\n",
            "t: adds nothing: 't.csv' has no key for what any event has as its 'eventName'"
        ),
        Case(
            "a time that is none",
            "transforms: {t: {type: time_bucket, every: 1h, field: eventName}}\n",
            "t: adds nothing: 'eventName' is no time in any event, or not there"
        ),
        Case(
            "a route",
            """
            transforms: {t: {type: route, ports: {a: 'requestParameters.bucktName == "x"'}, else: b}}
            sinks:
              o: {type: jsonl, path: "-", inputs: t.a}
              p: {type: jsonl, path: p.jsonl, inputs: t.b}
            """,
            "t: " + missing
        ),
        Case(
            "the name of a file",
            "sinks: {o: {type: jsonl, path: 'o/{requestParameters.bucktName}.jsonl'}}\n",
            "o: " + missing
        ),
        Case(
            "a name of files without a time",
            "sinks: {o: {type: jsonl, path: 'o/{eventName:%Y}/{eventTime:%m-%d}.jsonl'}}\n",
            "o: no name has a time: 'eventName' is none in any event, or not there"
        ),
        Case(
            "a name of files with a time",
            "sinks: {o: {type: csv, columns: [eventName], path: 'o/{eventTime:%Y}/{eventTime:%m}.csv'}}\n"
        ),
        Case(
            "a field that is like no other, beside one that is there",
            "transforms: {t: {type: redact, fields: [requestParameters.bucketName, requestParameters.token]}}\n"
        ),
        Case(
            "fields that are like no other",
            "transforms: {t: {type: redact, fields: [requestParameters.token, requestParameters.instancesSet.x]}}\n",
            "t: no event has the field 'requestParameters.token'; 'requestParameters' has bucketName, instancesSet, key",
            "t: no event has the field 'requestParameters.instancesSet.x'; 'requestParameters.instancesSet' has items"
        ),
        Case(
            "what one event has, and what CloudTrail has",
            """
            transforms:
              t: {type: remove, fields: [requestParameters.key]}
              u: {type: remove, fields: [errorMessage, tlsDetails]}
            """
        ),
    ]

    @Test(arguments: nothingKept + somethingKept + columns + transforms, [1, 3])
    func saysWhy(_ example: Case, workers: Int) throws {
        let folder = try TemporaryDirectory()
        // A file for each event, so that what the workers have seen is put together.
        for (number, record) in Self.records.enumerated() {
            try folder.write(Trail.file([record]), to: "logs/\(number).json")
        }
        try folder.write("name,team\nDeleteTrail,x\n", to: "t.csv")
        let sinks = example.stages.contains("sinks:") ? "" : "\nsinks: {o: {type: jsonl, path: '-'}}\n"
        let pipeline = "sources: {logs: {type: directory, path: logs}}\n\(example.stages)\(sinks)\n"
        try folder.write(pipeline, to: "p.conf")
        let run = try Mhpipe(folder: folder).run(arguments: [
            "run", "p.conf", "-q", "--workers", "\(workers)", "--summary", "s.json",
        ])
        #expect(run.status == 0)
        let told = run.errors.split(separator: "\n").filter { $0.hasPrefix("mhpipe: warning: '") }
        let expected = example.warnings.map { warning in
            let colon = warning.range(of: ": ")!
            return "mhpipe: warning: '\(warning[..<colon.lowerBound])': \(warning[colon.upperBound...])"
        }
        #expect(told.map { String($0) }.sorted() == expected.sorted())
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
        let kept = (summary?["warnings"] as? [[String: String]])?.map { "\($0["stage"] ?? ""): \($0["message"] ?? "")" }
        #expect(kept?.sorted() == example.warnings.sorted())
    }

    @Test func saysNothingOfARunWithoutEvents() throws {
        let folder = try TemporaryDirectory()
        try folder.write(#"{"Records":[]}"#, to: "a.json")
        try folder.write(
            """
            sources: {logs: {type: file, path: a.json}}
            transforms: {f: {type: filter, field: eventName, exists: true}}
            sinks: {o: {type: csv, path: "-", columns: [eventName, errorCode]}}

            """,
            to: "p.conf"
        )
        let run = try Mhpipe(folder: folder).run("run", "p.conf", "-q")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func quarantinesWhatAPatternCannotDecide() throws {
        let folder = try TemporaryDirectory()
        let hostile = String(repeating: "a", count: 5000) + "!"
        let records = [hostile, "aa", "b"].map {
            #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"\#($0)"}"#
        }
        try folder.write(records.joined(separator: "\n"), to: "a.jsonl")
        for not in [false, true] {
            try folder.write(
                """
                sources: {logs: {type: file, path: a.jsonl}}
                transforms: {f: {type: filter, field: eventName, matches: '^(a+)+$', not: \(not)}}
                sinks: {o: {type: csv, path: "-", columns: [eventName], header: false}}
                quarantine: bad-\(not).jsonl

                """,
                to: "p.conf"
            )
            let run = try Mhpipe(folder: folder).run("run", "p.conf", "-q")
            #expect(run.text == (not ? "b\r\n" : "aa\r\n"))
            #expect(run.status == 3)
            #expect(
                run.errors.contains("'f': 'matches' needs too many steps for its 'eventName'; simplify the pattern")
            )
            #expect(String(decoding: try folder.read("bad-\(not).jsonl"), as: UTF8.self).contains(hostile))
        }
    }
}

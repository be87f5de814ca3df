import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe test`: what stands under `tests` in pipeline files.
@Suite struct PipelineTestsTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    private static let stages = """
        sources:
          logs: {type: directory, path: logs}
          more: {type: directory, path: more}
        transforms:
          hub: {type: migration_hub, keep_others: true}
          failed: {type: filter, where: has(errorCode)}
          ways: {type: route, ports: {root: 'userIdentity.type == "Root"', rest: 'userIdentity.type != "Root"'}}
        sinks:
          root: {type: jsonl, path: root.jsonl, inputs: ways.root}
          rest: {type: csv, path: rest.csv, inputs: ways.rest}

        """

    private static let test = """
        tests:
          one:
            records: |
              {"eventVersion":"1.08","eventID":"a","userIdentity":{"type":"Root"},"errorCode":"AccessDenied"}
              {"eventVersion":"1.08","eventID":"b","userIdentity":{"type":"IAMUser"},"errorCode":"Throttling"}
              {"eventVersion":"1.08","eventID":"c","userIdentity":{"type":"IAMUser"}}
            expect:

        """

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
    }

    private func run(_ expect: String...) throws -> Mhpipe.Result {
        let lines = expect.map { "      \($0)\n" }.joined()
        try folder.write(Self.stages + Self.test + lines, to: "p.conf")
        return try mhpipe.run("test", "p.conf")
    }

    @Test(arguments: [
        "logs: {count: 3, quarantined: 0}",
        "failed: {count: 2, ids: [a, b], dropped: 1}",
        "ways: {dropped: 0}",
        "ways.root: {ids: [a]}",
        "root: {fields: {errorCode: AccessDenied, userIdentity: {type: Root}}}",
        "rest: {missing: [eventName, migration.status]}",
        "rest: {records: '{\"eventVersion\":\"1.08\",\"eventID\":\"b\",\"errorCode\":\"Throttling\",\"userIdentity\":{\"type\":\"IAMUser\"}}'}",
    ]) func `what is so passes`(expectation: String) throws {
        let result = try run(expectation)
        #expect(result.text == "p.conf\n  ok    one\n1 test, all passed\n", "\(result.errors)")
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(!FileManager.default.fileExists(atPath: folder.path("root.jsonl")))
    }

    @Test(arguments: [
        ("logs: {count: 4}", "logs: count: expected 4, got 3: a, b, c"),
        ("failed: {count: 0}", "failed: count: expected 0, got 2: a, b"),
        ("failed: {ids: [b, a]}", "failed: ids: expected [b, a], got [a, b]"),
        ("failed: {dropped: 0}", "failed: dropped: expected 0, got 1"),
        ("failed: {quarantined: 1}", "failed: quarantined: expected 1, got 0"),
        (
            "ways.root: {fields: {errorCode: Other}}",
            "ways.root: errorCode of 'a': expected Other, got \"AccessDenied\""
        ),
        (
            "root: {fields: {eventName: PutKey}}",
            "root: eventName of 'a': expected PutKey, got nothing, the field is missing"
        ),
        ("rest: {missing: [errorCode]}", "rest: errorCode of 'b': expected no such field, got \"Throttling\""),
        (
            "root: {records: '{\"eventVersion\":\"1.08\",\"eventID\":\"a\",\"userIdentity\":{\"type\":\"Me\"}}'}",
            """
            root: record 0: userIdentity.type: expected "Me", got "Root"
                      root: record 0: errorCode: expected no such field, got "AccessDenied"
            """
        ),
        (
            "root: {records: '[]'}",
            "root: records: expected 0, got 1: a"
        ),
    ]) func `what is not so fails, with what came`(expectation: String, difference: String) throws {
        let result = try run(expectation)
        #expect(
            result.text == "p.conf\n  FAIL  one (line 12)\n          \(difference)\n1 test, 1 failed\n",
            "\(result.errors)"
        )
        #expect(result.status == 1)
    }

    @Test func `nothing at all proves nothing of fields`() throws {
        try folder.write(
            Self.stages
                + """
                tests:
                  none:
                    records: '{"eventVersion":"1.08","eventID":"a"}'
                    expect:
                      root: {fields: {errorCode: a}, missing: [eventName]}
                """,
            to: "p.conf"
        )
        let result = try mhpipe.run("test", "p.conf")
        #expect(result.text.contains("root: errorCode: expected a, got no event\n"), "\(result.errors)")
        #expect(result.text.contains("root: eventName: expected events without it, got no event\n"))
        #expect(result.status == 1)
    }

    @Test func `a record that cannot be read is not lost in silence`() throws {
        let tests = """
            tests:
              lost:
                records: |
                  {"eventVersion":"1.08","eventID":"a","errorCode":"b"}
                  {"eventVersion":"1.08",
                expect:
                  failed: {count: 1}
              told:
                records: |
                  {"eventVersion":"1.08","eventID":"a","errorCode":"b"}
                  {"eventVersion":"1.08",
                expect:
                  logs: {quarantined: 1}
            """
        try folder.write(Self.stages + tests, to: "p.conf")
        let result = try mhpipe.run("test", "p.conf")
        #expect(
            result.text.contains("  FAIL  lost (line 12)\n          logs: cannot be read: records: record 1 at byte")
        )
        #expect(result.text.hasSuffix("  ok    told\n2 tests, 1 failed\n"), "\(result.text)")
        #expect(result.status == 1)
    }

    @Test func `records may stand in a file, and come by any source`() throws {
        try folder.write("{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"a\"}]}", to: "in.json")
        let tests = """
            tests:
              one: {file: in.json, source: more, expect: {more: {ids: [a]}, logs: {count: 0}}}
              two: {file: missing.json, expect: {logs: {count: 0}}}
            """
        try folder.write(Self.stages + tests, to: "p.conf")
        let one = try mhpipe.run("test", "p.conf", "--only", "one")
        #expect(one.text == "p.conf\n  ok    one\n1 test, all passed\n", "\(one.errors)")
        let two = try mhpipe.run("test", "p.conf")
        #expect(two.errors.hasPrefix("mhpipe: cannot read 'missing.json'"))
        #expect(two.status == 2)
    }

    @Test(arguments: [
        ("tests: on", "error: 'tests' needs a mapping of names to tests, not a text"),
        ("tests: {}", "error: 'tests' holds no test"),
        ("tests: {one: {records: '{}', expect: {}}}", "error: 'expect' names no stage"),
        ("tests: {one: {records: '{}', expect: root}}", "error: 'expect' needs a mapping of stages, not a text"),
        ("tests: {one: {expect: {root: {count: 1}}}}", "error: test 'one' needs 'records', or the 'file'"),
        ("tests: {one: {records: '{}'}}", "error: test 'one' needs 'expect': without it nothing can fail"),
        (
            "tests: {one: {recrods: '{}', expect: {root: {count: 1}}}}",
            "error: test 'one' has no option 'recrods'\n  --> p.conf:11:15"
        ),
        (
            "tests: {one: {records: '{}', expect: {roto: {count: 1}}}}",
            "error: there is no stage 'roto'\n  --> p.conf:11:39"
        ),
        ("tests: {one: {records: '{}', expect: {ways: {count: 1}}}}", "error: a test must say which port of 'ways'"),
        (
            "tests: {one: {records: '{}', expect: {ways.rots: {count: 1}}}}",
            "error: transform 'ways' has no port 'rots'"
        ),
        ("tests: {one: {records: '{}', expect: {root: {}}}}", "error: nothing is expected of 'root'"),
        (
            "tests: {one: {records: '{}', expect: {root: {dropped: 1}}}}",
            "error: 'dropped' is for sources and transforms"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {count: -1}}}}",
            "error: 'count' needs a whole number of 0 or more"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {cuont: 1}}}}",
            "error: what is expected of 'failed' has no option 'cuont'"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {fields: {migration.stauts: x}}}}}",
            "error: 'migration' has no field 'stauts'"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {fields: {}}}}}",
            "error: 'fields' needs a mapping such as {identity.kind: root}, not an empty mapping"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {missing: [errorcode]}}}}",
            "error: no event can have a field 'errorcode', so that it is missing proves nothing"
        ),
        (
            "tests: {one: {records: '{}', expect: {failed: {missing: []}}}}",
            "error: 'missing' names no field, so it proves nothing"
        ),
        ("tests: {one: {records: '{}', source: lgos, expect: {root: {count: 1}}}}", "error: there is no source 'lgos'"),
        (
            "tests: {one: {records: '{}', expect: {root: {records: 'x'}}}}",
            "error: 'records' needs JSON objects, one a line or in an array; JSON has no such word: texts stand in double quotes"
        ),
    ]) func `a mistake in a test is one of the file`(tests: String, message: String) throws {
        try folder.write(Self.stages + tests, to: "p.conf")
        for command in ["check", "test"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.errors.contains(message), "\(result.errors)")
            #expect(result.status == 2)
            #expect(result.text == "")
        }
    }

    @Test func `a file without tests is told how to have some`() throws {
        try folder.write(Self.stages, to: "p.conf")
        let result = try mhpipe.run("test", "p.conf")
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("mhpipe: 'p.conf' has no tests\n  write some at its end, for example:\n"))
        #expect(result.errors.contains("        expect:\n"))
    }

    @Test func `one file that cannot be tested does not hide the others`() throws {
        try folder.write(Self.stages, to: "none.conf")
        try folder.write(Self.stages + Self.test + "      failed: {count: 2}\n", to: "p.conf")
        let result = try mhpipe.run("test", "none.conf", "missing.conf", "p.conf")
        #expect(result.text == "p.conf\n  ok    one\n1 test, all passed; 2 files not tested\n")
        #expect(result.errors.contains("mhpipe: 'none.conf' has no tests\n"))
        #expect(result.errors.contains("mhpipe: cannot read 'missing.conf'"))
        #expect(result.status == 2)
    }

    @Test func `a machine gets JSON, with the same exit codes`() throws {
        try folder.write(Self.stages, to: "none.conf")
        try folder.write(Self.stages + "tests: {a: {}}\n", to: "bad.conf")
        try folder.write(Self.stages + Self.test + "      failed: {count: 2, dropped: 0}\n", to: "p.conf")
        func run(_ files: String...) throws -> (Int32, [String: Any]) {
            let result = try mhpipe.run(arguments: ["test", "--json"] + files)
            let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
            return (result.status, try #require(object, "\(result.text)"))
        }
        let (failed, one) = try run("p.conf")
        #expect(failed == 1 && one["schema"] as? Int == 1)
        #expect(one["passed"] as? Int == 0 && one["failed"] as? Int == 1 && one["untested"] as? Int == 0)
        let file = try #require((one["files"] as? [[String: Any]])?.first)
        #expect(file["file"] as? String == "p.conf" && file["error"] == nil)
        let test = try #require((file["tests"] as? [[String: Any]])?.first)
        #expect(test["name"] as? String == "one" && test["line"] as? Int == 12 && test["passed"] as? Bool == false)
        #expect(test["differences"] as? [String] == ["failed: dropped: expected 0, got 1"])
        let (status, all) = try run("none.conf", "bad.conf", "missing.conf", "p.conf")
        #expect(status == 2 && all["untested"] as? Int == 3 && all["failed"] as? Int == 1)
        let errors = (all["files"] as? [[String: Any]] ?? []).map { $0["error"] as? String ?? "" }
        #expect(errors.count == 4 && errors[0] == "'none.conf' has no tests" && errors[3] == "")
        #expect(errors[1].contains("test 'a' needs 'records'") && errors[2].hasPrefix("cannot read 'missing.conf'"))
        try folder.write(Self.stages + Self.test + "      failed: {count: 2}\n", to: "p.conf")
        let (passed, good) = try run("p.conf")
        #expect(passed == 0 && good["passed"] as? Int == 1 && good["failed"] as? Int == 0)
    }

    @Test func `check counts tests, and a state does not mind them`() throws {
        try folder.write(
            "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"a\",\"errorCode\":\"b\"}]}",
            to: "logs/a.json"
        )
        try folder.write("", to: "more/none.txt")
        let stages = Self.stages + "state: state\nmode: append\n"
        try folder.write(stages, to: "p.conf")
        #expect(try mhpipe.run("run", "p.conf", "--quiet").status == 0)
        try folder.write(stages + Self.test + "      failed: {count: 2}\n", to: "p.conf")
        #expect(try mhpipe.run("check", "p.conf").errors.contains("2 sinks, 1 test)"))
        let again = try mhpipe.run("run", "p.conf")
        #expect(again.status == 0)
        #expect(again.errors.contains("nothing is new since the last run"), "\(again.errors)")
    }

    /// With nothing in, what is expected of nothing holds, and proves nothing.
    @Test(arguments: [
        ("'{}'", false), ("'{\"a\": 1}'", false), ("'[{}]'", false), ("hello", false), ("'[[]]'", false),
        ("'5'", false),
        ("'{\"awsAccountId\": \"1\", \"digestS3Object\": \"a\"}'", false), ("'{\"Records\": {}}'", false),
        ("'[]'", true), ("''", false), ("\"\\n\"", false), ("'{\"Records\": []}'", true),
        ("'{\"eventVersion\":\"1.08\",\"eventID\":\"a\"}'", true),
    ]) func `records without an event prove nothing`(records: String, passes: Bool) throws {
        let tests = "tests: {one: {records: \(records), expect: {root: {count: 0}}}}"
        try folder.write(Self.stages + tests, to: "p.conf")
        let result = try mhpipe.run("test", "p.conf")
        #expect(result.status == (passes ? 0 : 1), "\(result.text)\(result.errors)")
        #expect(result.text.contains("  logs: ") != passes)
    }

    @Test func `what was read instead of events is told`() throws {
        let digest =
            "{\"awsAccountId\":\"111122223333\",\"digestStartTime\":\"2026-01-01T00:00:00Z\",\"digestS3Object\":\"a\",\"logFiles\":[]}"
        try folder.write(digest, to: "d.json")
        try folder.write(Self.stages + "tests: {one: {file: d.json, expect: {root: {count: 0}}}}", to: "p.conf")
        let result = try mhpipe.run("test", "p.conf")
        #expect(result.status == 1)
        #expect(result.text.contains("          logs: no event was read from 'd.json' ("), "\(result.text)")
    }

    /// What came is what went on, what was dropped and what was quarantined, by whatever way and whoever made it.
    @Test(arguments: [
        ("both: {count: 4, dropped: 2}", true), ("both: {dropped: 0}", false), ("both: {dropped: 3}", false),
        ("counted: {count: 2, dropped: 3}", true), ("few: {count: 1, dropped: 1}", true), ("few: {dropped: 0}", false),
        ("again: {count: 1, dropped: 1}", true), ("logs: {dropped: 0}", true),
    ]) func `dropped counts each way, and what stages make`(expectation: String, passes: Bool) throws {
        try folder.write(
            """
            sources:
              logs: {type: directory, path: logs}
            transforms:
              one: {type: filter, where: has(eventID)}
              two: {type: rename, fields: {errorCode: code}}
              both: {type: filter, where: 'has(errorCode) || eventID == "c"', inputs: [one, two]}
              counted: {type: aggregate, by: [eventName], inputs: [logs]}
              few: {type: filter, where: 'count > 1', inputs: [counted]}
              again: {type: aggregate, by: [eventName], inputs: [few]}
            sinks:
              all: {type: jsonl, path: all.jsonl, inputs: [both]}
              groups: {type: jsonl, path: groups.jsonl, inputs: [again]}
            tests:
              one:
                records: |
                  {"eventVersion":"1.08","eventID":"a","eventName":"x","errorCode":"AccessDenied"}
                  {"eventVersion":"1.08","eventID":"c","eventName":"x"}
                  {"eventVersion":"1.08","eventID":"d","eventName":"y","errorCode":"Throttling"}
                expect:
                  \(expectation)
            """,
            to: "ways.conf"
        )
        let result = try mhpipe.run("test", "ways.conf")
        #expect(result.status == (passes ? 0 : 1), "\(result.text)\(result.errors)")
    }

    @Test(arguments: [
        ("{\"eventID\":\"a\"}\n{\"eventID\":\"b\"}", nil),
        ("[{\"eventID\":\"a\"},\n {\"eventID\":\"b\"}]", nil),
        ("{\"eventID\":\n\"a\"}\n\n  {\"eventID\":\"b\"}\n", nil),
        ("{\"eventID\":\"a\"} {\"eventID\":\"b\"}", "something stands behind a record"),
        ("{\"eventID\":\"a\"},\n{\"eventID\":\"b\"}", "in line 1: a value is expected here"),
        ("{\"eventID\":\"a\"}\nb", "in line 2: JSON has no such word"),
        ("{\"eventID\":\"a\"}\n{'eventID':1}", "in line 2: a key in double quotes is expected here"),
        ("{\"eventID\":\"a\"}\n{\"eventID\":\"b}", "in line 2: a string is not closed"),
        ("{\"eventID\":\"a\"}\n{\"eventID\":\"b\"", "in line 2: the text ends too early"),
        ("{\"eventID\":\"a\"}\n[]", "in line 2: an array has all records"),
        ("[{\"eventID\":\"a\"}]\n[]", "in line 1: an array has all records"),
        ("{\"eventID\":\"a\"}\n7", "in line 2: this is no object"),
        ("[{\"eventID\":\"a\"},\n7]", "in line 1: record 1 of the array is no object"),
        ("{\"eventID\":01}\n{}", "in line 1: JSON has no such number"),
        ("{\"eventID\":\"\\x\"}\n{}", "in line 1: JSON has no such escape"),
        ("\n", "it holds no record; '[]' expects none"),
    ]) func `expected records are read to the last byte`(text: String, mistake: String?) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "          \($0)\n" }.joined()
        let tests = """
            tests:
              one:
                records: |
                  {"eventVersion":"1.08","eventID":"a","errorCode":"x"}
                  {"eventVersion":"1.08","eventID":"b","errorCode":"x"}
                expect:
                  ids: {records: "1"}

            """
        let stages = Self.stages.replacing(
            "ways: {",
            with: "ids: {type: select, fields: [eventID], inputs: failed}\n  ways: {inputs: failed, "
        )
        try folder.write(
            stages + tests.replacing("      ids: {records: \"1\"}\n", with: "      ids:\n        records: |\n" + lines),
            to: "p.conf"
        )
        let result = try mhpipe.run("test", "p.conf")
        if let mistake {
            #expect(result.status == 2, "\(result.text)")
            #expect(
                result.errors.contains("error: 'records' needs JSON objects, one a line or in an array; \(mistake)"),
                "\(result.errors)"
            )
        } else {
            #expect(result.status == 0, "\(result.text)\(result.errors)")
        }
    }
}

import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite("parse_json") struct ParseJSONTransformTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var fields = ["a"]
        var nested = false
        let record: String
        let expected: String
        var tally = [0, 0]
    }

    @Test(arguments: [
        Case(
            testDescription: "an object",
            record: #"{"a":"{\"x\":1.50,\"y\":[\"\\u00e9\"]}","b":2}"#,
            expected: #"{"a":{"x":1.50,"y":["\u00e9"]},"b":2}"#
        ),
        Case(testDescription: "an array", record: #"{"a":" [1 ,\n2]\t"}"#, expected: #"{"a":[1,2]}"#),
        Case(
            testDescription: "empty ones",
            fields: ["a", "b"],
            record: #"{"a":"{}","b":"[]"}"#,
            expected: #"{"a":{},"b":[]}"#
        ),
        Case(
            testDescription: "escapes of the string",
            record: #"{"a":"\u007b\u0022x\u0022:\"\u00e9\ud83d\ude00\"}"}"#,
            expected: #"{"a":{"x":"é😀"}}"#
        ),
        Case(
            testDescription: "below",
            fields: ["a.b", "r.1"],
            record: #"{"a":{"b":"[1]","c":"[1]"},"r":["[1]","[2]"]}"#,
            expected: #"{"a":{"b":[1],"c":"[1]"},"r":["[1]",[2]]}"#
        ),
        Case(testDescription: "what is no string", record: #"{"a":{"b":"[1]"}}"#, expected: #"{"a":{"b":"[1]"}}"#),
        Case(testDescription: "what is not there", record: #"{"b":"[1]"}"#, expected: #"{"b":"[1]"}"#),
        Case(testDescription: "a plain text", record: #"{"a":"HIDDEN"}"#, expected: #"{"a":"HIDDEN"}"#, tally: [1, 0]),
        Case(testDescription: "a number in a text", record: #"{"a":"5"}"#, expected: #"{"a":"5"}"#, tally: [1, 0]),
        Case(testDescription: "an empty text", record: #"{"a":""}"#, expected: #"{"a":""}"#),
        Case(testDescription: "no JSON", record: #"{"a":"{x}"}"#, expected: #"{"a":"{x}"}"#, tally: [0, 1]),
        Case(
            testDescription: "more than one value",
            record: #"{"a":"[1] [2]"}"#,
            expected: #"{"a":"[1] [2]"}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "cut short",
            record: #"{"a":"{\"x\":\"y"}"#,
            expected: #"{"a":"{\"x\":\"y"}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "a bad escape",
            record: #"{"a":"[\"\\q\"]"}"#,
            expected: #"{"a":"[\"\\q\"]"}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "half a pair of surrogates",
            record: #"{"a":"[\"\ud800\"]"}"#,
            expected: #"{"a":"[\"\ud800\"]"}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "half a pair that is escaped twice",
            record: #"{"a":"[\"\\ud800\"]"}"#,
            expected: #"{"a":["\ud800"]}"#
        ),
        Case(
            testDescription: "a control character",
            record: #"{"a":"[\"\u0001\"]"}"#,
            expected: #"{"a":"[\"\u0001\"]"}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "JSON in JSON stays without nested",
            record: #"{"a":"{\"x\":\"[1]\"}"}"#,
            expected: #"{"a":{"x":"[1]"}}"#
        ),
        Case(
            testDescription: "JSON in JSON",
            nested: true,
            record: #"{"a":"{\"x\":\"[1,\\\"{}\\\"]\",\"[1]\":\"q\"}"}"#,
            expected: #"{"a":{"x":[1,{}],"[1]":"q"}}"#
        ),
        Case(
            testDescription: "every text inside",
            nested: true,
            record: #"{"a":{"b":"[1]","[2]":["[3]","x",{"c":"{\"d\":\"[4]\"}"}]},"e":"[5]"}"#,
            expected: #"{"a":{"b":[1],"[2]":[[3],"x",{"c":{"d":[4]}}]},"e":"[5]"}"#
        ),
        Case(
            testDescription: "damage inside",
            nested: true,
            record: #"{"a":{"b":"[1","c":"x"}}"#,
            expected: #"{"a":{"b":"[1","c":"x"}}"#,
            tally: [0, 1]
        ),
        Case(
            testDescription: "every one of a repeated key",
            record: #"{"a":"[1]","a":"[2]"}"#,
            expected: #"{"a":[1],"a":[2]}"#
        ),
    ])
    func reads(_ example: Case) throws {
        let run = try Self.run(example.fields, nested: example.nested)
        #expect(try run.lines([example.record]) == [example.expected])
        #expect(run.transform.tally == example.tally)
    }

    /// What was read is a part of the event for later stages.
    @Test func laterStagesSeeIt() throws {
        let batch = try Self.run(["requestParameters.policyDocument"], nested: false).batch([
            #"{"requestParameters":{"policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\"}]}"}}"#
        ])
        let path = try FieldPath(parsing: "requestParameters.policyDocument.Statement.0.Effect")
        #expect(batch.map { $0[path]?.string } == ["Allow"])
    }

    /// A record stays one that mhpipe reads: 1,000 levels, all together.
    @Test(arguments: [(997, true), (998, true), (999, false), (1000, false)])
    func depth(_ levels: Int, _ isRead: Bool) throws {
        let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let record = #"{"a":{"b":""# + text + #""}}"#
        let run = try Self.run(["a.b"], nested: false)
        #expect(try run.lines([record]) == [isRead ? #"{"a":{"b":"# + text + "}}" : record])
        #expect(run.transform.tally == [0, isRead ? 0 : 1])
    }

    @Test func whatIsSaidAtTheEnd() throws {
        let transform = try Self.run(["a"], nested: false).transform
        #expect(transform.remarks([0, 0]) == [])
        #expect(
            transform.remarks([1, 2]) == [
                "left 1 text as it is, since it holds no JSON object or array",
                "left 2 texts as they are, since each begins like JSON and is none",
            ]
        )
    }

    private static func run(_ fields: [String], nested: Bool) throws -> TransformRun<ParseJSONTransform> {
        try TransformRun(
            ParseJSONTransform.self,
            ["fields": .list(fields.map { ConfigNode(.text($0)) }), "nested": .text(String(nested))]
        )
    }
}

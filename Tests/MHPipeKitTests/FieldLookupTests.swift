import MHPipeKit
import Testing

@Suite struct FieldLookupTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var path: String
        var record: String
        var json: String?

        init(_ path: String, _ record: String, _ json: String?) {
            (self.path, self.record, self.json) = (path, record, json)
        }

        var testDescription: String { "\(path) in \(record)" }
    }

    @Test(arguments: [
        Case("a", #"{"a":1}"#, "1"),
        Case("a", #"{"a":1,"a":2}"#, "2"),
        Case("a.b", #"{"a":{"b":1},"a":{"c":2}}"#, nil),
        Case("a.b", #"{"a":{"b":1},"a":3}"#, nil),
        Case("a.b.c", #"{"a":{"x":[{"b":0}],"b":{"c":"v"}}}"#, #""v""#),
        Case("a.1.b", #"{"a":[{"b":1},{"b":2}]}"#, "2"),
        Case("a.2", #"{"a":[1,2]}"#, nil),
        Case("a.0", #"{"a":[]}"#, nil),
        Case("a.0", #"{"a":{"0":"key"}}"#, #""key""#),
        Case("a.-1", #"{"a":[1,2]}"#, nil),
        Case("a.x", #"{"a":[1,2]}"#, nil),
        Case("a", #"{"\u0061":1}"#, "1"),
        Case(#""a\"b""#, #"{"a\"b":1}"#, "1"),
        Case(#""a\\n""#, #"{"a\n":1}"#, nil),
        Case(#""a\\n""#, #"{"a\\n":2}"#, "2"),
        Case(#""a\\""#, #"{"a\"b":1}"#, nil),
        Case(#""a\":\"b""#, #"{"a":"b"}"#, nil),
        Case(#""""#, #"{"":1}"#, "1"),
        Case("eventName", #"{"eventName":"a","event\u004eame":"b"}"#, #""b""#),
        Case("userIdentity.arn", #"{"userIdentity":null}"#, nil),
        Case("userIdentity.arn", #"{"userIdentity":{"arn":null}}"#, "null"),
        Case("userIdentity.arn", #"{"userIdentity" : { "arn" : "x" , "n" : {} } }"#, #""x""#),
    ])
    func findsAField(sample: Case) throws {
        let path = try FieldPath(parsing: sample.path)
        let batch = EventBatch(records: [sample.record])
        #expect(batch.first { _ in true }?[path]?.json == sample.json)
    }

    @Test func aKeyThatIsLongerThanTheTextIsNotFound() throws {
        let path = FieldPath("a", String(repeating: "k", count: 5000))
        let batch = EventBatch(records: [#"{"a":{"k":1}}"#])
        #expect(batch.first { _ in true }?[path]?.json == nil)
    }
}

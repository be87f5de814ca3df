import MHPipeKit
import Testing

@Suite struct JSONLinesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var record: String
        var line: String

        init(_ name: String, _ record: String, _ line: String) {
            (self.name, self.record, self.line) = (name, record, line)
        }

        var testDescription: String { name }
    }

    @Test(arguments: [
        Case("a compact record stays as it is", #"{"a":1,"b":[{}]}"#, #"{"a":1,"b":[{}]}"#),
        Case("an empty object", "{}", "{}"),
        Case("an empty object with white space", "{ \n }", "{}"),
        Case(
            "white space between tokens goes",
            "{ \"a\" :\t1 ,\r\n\"b\": [ 1 , { } , [ ] ] }",
            #"{"a":1,"b":[1,{},[]]}"#
        ),
        Case("white space in strings stays", #"{"a" : " x  y ", "b ": " "}"#, #"{"a":" x  y ","b ":" "}"#),
        Case(
            "the text of numbers stays",
            #"{"a":1.10,"b":1E400,"c":-0,"d": 12345678901234567890}"#,
            #"{"a":1.10,"b":1E400,"c":-0,"d":12345678901234567890}"#
        ),
        Case("repeated keys stay", #"{"a":1,"a":2, "a":3}"#, #"{"a":1,"a":2,"a":3}"#),
        Case("escapes stay", #"{ "\u0061\/\ud800\"":"\ud83d\ude00\n" }"#, #"{"\u0061\/\ud800\"":"\ud83d\ude00\n"}"#),
        Case(
            "structure inside strings is no structure",
            #"{ "a":"{ [ , : ] }","b":"\\" }"#,
            #"{"a":"{ [ , : ] }","b":"\\"}"#
        ),
        Case("a space before the brace only", #"{"a":true }"#, #"{"a":true}"#),
        Case("a space behind the brace only", #"{ "a":null}"#, #"{"a":null}"#),
        Case("scalars before white space", "{\"a\":[1 ,2\n,true\t,null ]}", #"{"a":[1,2,true,null]}"#),
    ])
    func writesRecordsOnOneLine(sample: Case) {
        #expect(lines(EventBatch(records: [sample.record])) == sample.line + "\n")
    }

    @Test(arguments: [
        Case("behind the last member", #"{"a":1}"#, #"{"a":1,"identity":{"kind":"role","mfa":true}}"#),
        Case("into an empty object", "{}", #"{"identity":{"kind":"role","mfa":true}}"#),
        Case("into an empty object with white space", "{ }", #"{"identity":{"kind":"role","mfa":true}}"#),
        Case("with white space in the record", #"{ "a" : 1 }"#, #"{"a":1,"identity":{"kind":"role","mfa":true}}"#),
        Case(
            "in place of its own key",
            #"{"identity":{"x":[1]},"a":1}"#,
            #"{"a":1,"identity":{"kind":"role","mfa":true}}"#
        ),
        Case("in place of its only key", #"{"identity":7}"#, #"{"identity":{"kind":"role","mfa":true}}"#),
        Case(
            "in place of a repeated key",
            #"{"identity":1,"a":{"identity":2},"identity":3,"b":0}"#,
            #"{"a":{"identity":2},"b":0,"identity":{"kind":"role","mfa":true}}"#
        ),
        Case(
            "in place of a key with escapes",
            #"{"a":1,"\u0069dentity":null}"#,
            #"{"a":1,"identity":{"kind":"role","mfa":true}}"#
        ),
        Case(
            "in place of a key among white space",
            "{ \"a\" : [ 1 ] , \"identity\" : { } , \"b\" : 2 }",
            #"{"a":[1],"b":2,"identity":{"kind":"role","mfa":true}}"#
        ),
        Case(
            "but a longer key stays",
            #"{"identity2":1,"identit":2,"Identity":3}"#,
            #"{"identity2":1,"identit":2,"Identity":3,"identity":{"kind":"role","mfa":true}}"#
        ),
        Case(
            "and a brace in a last string is no brace",
            #"{"a":"}"}"#,
            #"{"a":"}","identity":{"kind":"role","mfa":true}}"#
        ),
    ])
    func putsAnAddedObject(sample: Case) {
        let batch = EventBatch(records: [sample.record])
        let column = batch.addColumn("identity", members: ["kind", "actor", "mfa"])
        column.set(.string("role"), row: 0, member: 0)
        column.set(.bool(true), row: 0, member: 2)
        #expect(lines(batch) == sample.line + "\n")
    }

    @Test func putsAddedPlainValues() {
        let batch = EventBatch(records: [#"{"a":1,"score":2,"we\"ird":3,"x":4}"#, "{}"])
        batch.addColumn("score").set(.double(0.5), row: 0)
        batch.addColumn("we\"ird").set(.string("tab\t\"q\" \u{1}"), row: 0)
        batch.addColumn("n").set(.int(-3), row: 1)
        #expect(
            lines(batch) == #"{"a":1,"x":4,"score":0.5,"we\"ird":"tab\t\"q\" \u0001"}"# + "\n" + #"{"n":-3}"# + "\n"
        )
    }

    @Test func leavesARowWithoutAddedValuesAsItIs() {
        let batch = EventBatch(records: [#"{"identity":1}"#, #"{"identity":2}"#])
        let column = batch.addColumn("identity", members: ["kind"])
        column.set(.string("root"), row: 1)
        column.set(.string("root"), row: 0)
        column.set(nil, row: 0)
        #expect(lines(batch) == "{\"identity\":1}\n{\"identity\":{\"kind\":\"root\"}}\n")
    }

    @Test func writesOnlySelectedRows() {
        let batch = EventBatch(records: [#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#])
        batch.keep { $0.row != 1 }
        #expect(lines(batch) == "{\"n\":0}\n{\"n\":2}\n")
    }

    @Test func replacesAColumnOfTheSameName() {
        let batch = EventBatch(records: [#"{"a":1}"#])
        batch.addColumn("tag").set(.string("old"), row: 0)
        batch.addColumn("other").set(.bool(false), row: 0)
        batch.addColumn("tag").set(.string("new"), row: 0)
        #expect(lines(batch) == #"{"a":1,"other":false,"tag":"new"}"# + "\n")
    }

    @Test(arguments: [
        ("{ \"a\" : [ 1,\n 2 ] }", #"{"a":[1,2]}"#), (" \"x y\" ", #""x y""#), ("\n7 ", "7"), ("null", "null"),
        ("[ ]", "[]"), (#""""#, #""""#), (#""\"""#, #""\"""#),
    ])
    func writesAddedJSONOnOneLine(json: String, written: String) {
        let batch = EventBatch(records: ["{}"])
        batch.addColumn("v").set(.json(json), row: 0)
        #expect(lines(batch) == "{\"v\":\(written)}\n")
    }

    @Test func addsNoNumberThatJSONCannotWrite() {
        let batch = EventBatch(records: [#"{"a":1}"#])
        batch.addColumn("v").set(.double(.infinity), row: 0)
        batch.addColumn("w").set(.double(.nan), row: 0)
        #expect(lines(batch) == #"{"a":1}"# + "\n")
    }

    private func lines(_ batch: EventBatch) -> String {
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}

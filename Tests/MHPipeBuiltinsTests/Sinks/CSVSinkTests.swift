import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct CSVSinkTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var value: String
        var cell: String
        var testDescription: String { value }

        init(_ value: String, _ cell: String) { (self.value, self.cell) = (value, cell) }
    }

    @Test(arguments: [
        Case(#""plain text""#, "plain text"),
        Case(#""""#, ""),
        Case("null", ""),
        Case("true", "true"),
        Case("false", "false"),
        Case("-1.50e3", "-1.50e3"),
        Case(#""a,b""#, #""a,b""#),
        Case(#""eight by, more""#, #""eight by, more""#),
        Case(#""sixteen bytes,.x""#, #""sixteen bytes,.x""#),
        Case(#""say \"x\"""#, #""say ""x""""#),
        Case(#""back\\slash""#, #"back\slash"#),
        Case(#""a\nb""#, "\"a\nb\""),
        Case(#""a\rb""#, "\"a\rb\""),
        Case(#""a\tb""#, "a\tb"),
        Case(#"" x""#, "\" x\""),
        Case(#""x ""#, "\"x \""),
        Case(#"" ""#, "\" \""),
        Case(#""=1+1""#, "'=1+1"),
        Case(#""+1""#, "'+1"),
        Case(#""-1""#, "'-1"),
        Case(#""@a""#, "'@a"),
        Case(#""\t=1""#, "'\t=1"),
        Case(#""\r=1""#, "\"'\r=1\""),
        Case(#""\u003d1,2""#, "\"'=1,2\""),
        Case(#""'=1""#, "'=1"),
        Case(#"" =1""#, "\"' =1\""),
        Case(#""  \t -1""#, "\"'  \t -1\""),
        Case(#""\n=1""#, "\"'\n=1\""),
        Case(#""\n""#, "\"'\n\""),
        Case(#""\u0000=1""#, "'\0=1"),
        Case(#""\u0000+1,""#, "\"'\0+1,\""),
        Case(#""\u001f@a""#, "'\u{1F}@a"),
        Case(#""\u007f=1""#, "'\u{7F}=1"),
        Case(#"" \u0000=1""#, "\"' \0=1\""),
        Case(#""\uff1d1+1""#, "'\u{FF1D}1+1"),
        Case(#""\uff0b1""#, "'\u{FF0B}1"),
        Case(#""\uff0d1""#, "'\u{FF0D}1"),
        Case(#""\uff20a""#, "'\u{FF20}a"),
        Case(#""\ufe661""#, "'\u{FE66}1"),
        Case(#""\u3000=1""#, "'\u{3000}=1"),
        Case(#""\u00a0=1""#, "'\u{A0}=1"),
        Case(#""\ufeff=1""#, "'\u{FEFF}=1"),
        Case(#""\u200b\u2028\uff1d1""#, "'\u{200B}\u{2028}\u{FF1D}1"),
        Case(#"" a=1""#, "\" a=1\""),
        Case(#""ä=1""#, "ä=1"),
        Case(#""\u3000a=1""#, "\u{3000}a=1"),
        Case(#""\u3000""#, "\u{3000}"),
        Case(#""=""#, "'="),
        Case(#""a=1""#, "a=1"),
        Case("{}", "{}"),
        Case("[ ]", "[]"),
        Case("[ 1 ]", "[1]"),
        Case(#"{ "a" : "=b" }"#, #""{""a"":""=b""}""#),
        Case(#"["-1"]"#, #""[""-1""]""#),
        Case(#""\ud83d\ude00\ud800""#, "😀\u{FFFD}"),
        Case(#""\u0000""#, "'\0"),
        Case(#""a\u0000=""#, "a\0="),
    ])
    func writesACell(sample: Case) throws {
        try write([#"{"x":\#(sample.value),"y":1}"#], ["columns": ["x", "y"].asList, "header": "false"])
        #expect(try folder.text("out.csv") == sample.cell + ",1\r\n")
    }

    @Test func theHeaderNamesTheColumns() throws {
        try write([], ["columns": ["eventName", "userIdentity.arn", #""odd, key"."b.c""#].asList])
        #expect(try folder.text("out.csv") == "eventName,userIdentity_arn,\"odd, key_b_c\"\r\n")
    }

    @Test func noHeaderWhenNoneIsWanted() throws {
        try write([], ["header": "false"])
        #expect(try folder.text("out.csv") == "")
    }

    @Test func formulasStandWhenTheGuardIsOff() throws {
        try write(
            [#"{"x":"=1","y":"\r@"}"#],
            ["columns": ["x", "y"].asList, "header": "false", "formula_guard": "false"]
        )
        #expect(try folder.text("out.csv") == "=1,\"\r@\"\r\n")
    }

    @Test func anEmptyOnlyCellIsQuoted() throws {
        try write(["{}", #"{"x":""}"#, #"{"x":1}"#], ["columns": ["x"].asList])
        #expect(try folder.text("out.csv") == "x\r\n\"\"\r\n\"\"\r\n1\r\n")
    }

    @Test func parametersAreAlwaysJSON() throws {
        let columns = ["requestParameters", "responseElements", "additionalEventData", "requestParameters.a"].asList
        try write(
            [#"{"requestParameters":{ "a":"x" },"responseElements":"=1","additionalEventData":-5}"#],
            ["columns": columns, "header": "false"]
        )
        #expect(try folder.text("out.csv") == #""{""a"":""x""}","""=1""",-5,x"# + "\r\n")
    }

    @Test func aCompressedNameIsCompressed() throws {
        try write([#"{"x":1}"#], ["columns": ["x"].asList], name: "out.csv.gz")
        guard let gzip = ExternalProgram("gzip") else { return }
        let result = try gzip.run(["-dc"], input: folder.read("out.csv.gz"))
        #expect(String(decoding: result.output, as: UTF8.self) == "x\r\n1\r\n")
        #expect(result.errors == "")
    }

    @Test(arguments: [
        (["a.b", "a.b"], "'columns' names 'a.b' twice"),
        (["a.b", "a_b"], "'columns' names 'a.b' and 'a_b', which would be the same column 'a_b'"),
        ([], "'columns' needs at least one field path"),
    ])
    func refusesColumnsThatCannotBe(columns: [String], message: String) {
        let error = #expect(throws: OptionError.self) {
            try SinkHarness.make(CSVSink.self, ["path": "x.csv", "columns": .list(columns)])
        }
        #expect(error?.description == message)
    }

    private func write(
        _ records: [String],
        _ options: KeyValuePairs<String, WrittenOption>,
        name: String = "out.csv"
    ) throws {
        let all = [("path", WrittenOption.text(folder.path(name)))] + options.map { ($0.key, $0.value) }
        try SinkHarness.run(SinkHarness.make(CSVSink.self, all), [[EventBatch(records: records)]])
    }
}

extension [String] {
    fileprivate var asList: WrittenOption { .list(self) }
}

import Testing

@testable import MHPipeKit

@Suite struct StrictJSONTests {
    /// Who reads a whole text wants one value, and nothing that hides behind it.
    @Test(arguments: [
        "", " ", "{", "}", "{} {}", "{}x", "x{}", "{},", "{}]", "1 2", "1,2", "[1] [2]", "\"a\"\"b\"", "\"a\" b",
        "\"a\"b",
        "{'a':1}", "{a:1}", "{\"a\":1,}", "[1,]", "01", "1.", "+1", ".5", "nul", "nulll", "True", "\"a", "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"", "\u{FEFF}{}", "{}\0", "// a\n{}", "[1", "{\"a\" 1}", "{\"a\":}",
    ]) func `what is not one JSON value is refused`(text: String) {
        #expect(JSONValue(parsing: text) == nil)
        #expect(JSONValue(parsing: Array(text.utf8)) == nil)
        #expect(StrictJSON.object(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("{}", JSONKind.object), (" \n[1, {\"a\": [true]}]\t\r\n", .array), ("-1.5e+3", .number), ("0", .number),
        ("null", .null),
        ("true", .bool), ("\"\\u00e9\\n\"", .string), ("\"é\"", .string), ("\"\"", .string),
    ]) func `one value is read, with white space around it`(text: String, kind: JSONKind) {
        #expect(JSONValue(parsing: text)?.kind == kind)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(JSONValue(parsing: [0x22, 0xFF, 0x22]) == nil)
    }

    @Test(arguments: [
        ("{}\n {\"a\":\"b\"}  7", [0..<2, 4..<13, 15..<16]), ("\"a\" [1]", [0..<3, 4..<7]), ("", []),
    ]) func `parts say where they stand`(text: String, ranges: [Range<Int>]) throws {
        #expect(try StrictJSON.parts(Array(text.utf8)).map(\.range) == ranges)
    }

    @Test(arguments: [
        ("{\"a\":\n'b'}", 6), ("{\"a\":1\n}\n\"b", 9), ("[1,\n2", 5), ("{}\n}", 3), ("\"\\x\"", 1), ("\"\u{1}\"", 1),
    ]) func `a flaw says where it is`(text: String, offset: Int) {
        let flaw = #expect(throws: StrictJSON.Flaw.self) { try StrictJSON.parts(Array(text.utf8)) }
        #expect(flaw?.offset == offset)
    }
}

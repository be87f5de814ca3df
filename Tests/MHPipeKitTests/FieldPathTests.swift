import MHPipeKit
import Testing

@Suite struct FieldPathTests {
    @Test(arguments: [
        ("a", ["a"]), ("userIdentity.type", ["userIdentity", "type"]), ("a.b.c.d", ["a", "b", "c", "d"]),
        (#"additionalEventData."x-amz.id""#, ["additionalEventData", "x-amz.id"]), (#""a b".c"#, ["a b", "c"]),
        (#""""#, [""]), (#"a."".b"#, ["a", "", "b"]), (#""a\"b\\c""#, [#"a"b\c"#]),
        ("resources.0.ARN", ["resources", "0", "ARN"]),
        ("é.日本", ["é", "日本"]), ("detail-type", ["detail-type"]), (#"a"b.c"#, [#"a"b"#, "c"]),
        (" a . b ", [" a ", " b "]),
    ])
    func readsKeys(text: String, keys: [String]) throws {
        let path = try FieldPath(parsing: text)
        #expect(path.keys == keys)
        #expect(try FieldPath(parsing: path.text) == path)
    }

    @Test(arguments: [
        ("", "key 1 of the path is empty; write it in double quotes if it is meant"),
        (".a", "key 1 of the path is empty; write it in double quotes if it is meant"),
        ("a.", "key 2 of the path is empty; write it in double quotes if it is meant"),
        ("a..b", "key 2 of the path is empty; write it in double quotes if it is meant"),
        (#""a"#, "a double quote is not closed"), (#"a."b\""#, "a double quote is not closed"),
        (#""a"b"#, "a dot must follow a closing quote, not 'b'"),
        (#""a"."b" "#, "a dot must follow a closing quote, not ' '"),
    ])
    func saysWhatIsWrong(text: String, message: String) {
        let error = #expect(throws: FieldPathError.self) { try FieldPath(parsing: text) }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        (["a"], "a"), (["a.b", "c"], #""a.b".c"#), ([""], #""""#), ([#"say "hi""#, #"\"#], #""say \"hi\""."\\""#),
        (["tab\t"], "\"tab\t\""), (["x-y", "0"], "x-y.0"),
    ])
    func isWrittenAsItIsRead(keys: [String], text: String) throws {
        let path = FieldPath(keys: keys)
        #expect(path.text == text)
        #expect(try FieldPath(parsing: text) == path)
    }

    @Test func namesItsColumn() {
        #expect(FieldPath("userIdentity", "type").columnName == "userIdentity_type")
        #expect(FieldPath("additionalEventData", "x.y").columnName == "additionalEventData_x_y")
    }
}

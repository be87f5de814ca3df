import MHPipeKit
import Testing

/// How the types of options read what was written, and how they are shown.
@Suite struct OptionTypeTests {
    private enum Level: String, OptionChoice {
        case low, medium, high
    }

    private func node(_ text: String) -> ConfigNode { ConfigNode(.text(text)) }
    private func list(_ texts: String...) -> ConfigNode { ConfigNode(.list(texts.map { ConfigNode(.text($0)) })) }

    private func message<Value: OptionValue>(_ type: Value.Type, _ node: ConfigNode) -> String? {
        do throws(OptionError) {
            _ = try Value(config: node)
            return nil
        } catch {
            return error.label.map { "\(error.message) (\($0))" } ?? error.message
        }
    }

    @Test(arguments: [
        ("1048576", 1_048_576, "1MiB"), ("64MiB", 64 << 20, "64MiB"), ("4 GiB", 4 << 30, "4GiB"),
        ("500kB", 500_000, "500kB"),
        ("500KB", 500_000, "500kB"), ("1 kib", 1024, "1KiB"), ("0", 0, "0"), ("3B", 3, "3"),
        ("1536MiB", 1536 << 20, "1536MiB"),
        ("2GB", 2_000_000_000, "2GB"),
    ])
    func sizesHaveUnits(text: String, bytes: Int, shown: String) throws {
        let size = try ByteSize(config: node(text))
        #expect(size.bytes == bytes)
        #expect(size.optionText == shown)
        #expect(try ByteSize(config: node(size.optionText)) == size)
    }

    @Test(arguments: [
        "", "MiB", "-1", "1.5GiB", "1 TiB", "64 Mi B", "9223372036854775807KiB", "99999999999999999999", "６４",
    ])
    func sizesAreDigitsAndAUnit(text: String) {
        #expect(message(ByteSize.self, node(text)) == "needs a size such as 64MiB, not '\(text)'")
        #expect(message(ByteSize.self, list("1")) == "needs a size such as 64MiB, not a list")
    }

    @Test func sizesCompareByTheirBytes() throws {
        #expect(try ByteSize(config: node("1023KiB")) < ByteSize(config: node("1MiB")))
    }

    @Test func wholeNumbers() throws {
        #expect(try Int(config: node("-12")) == -12)
        #expect(try Int(config: node("007")) == 7)
        #expect(message(Int.self, node("many")) == "needs a whole number, not 'many'")
        #expect(message(Int.self, node("1.0")) == "needs a whole number, not '1.0'")
        #expect(message(Int.self, ConfigNode(.null)) == "needs a whole number, not nothing")
    }

    @Test func booleansAreTrueAndFalseOnly() throws {
        #expect(try Bool(config: node("true")) && !Bool(config: node("false")))
        for text in ["yes", "no", "on", "True", "1", ""] {
            #expect(message(Bool.self, node(text)) == "needs true or false, not '\(text)'")
        }
    }

    @Test func textsStayAsTheyAre() throws {
        #expect(try String(config: node("012345678901")) == "012345678901")
        #expect(try String(config: node("")) == "")
        #expect(message(String.self, ConfigNode(.mapping([]))) == "needs a text, not a mapping")
        #expect(message(String.self, ConfigNode(.null)) == "needs a text, not nothing")
    }

    @Test func listsTakeASingleValue() throws {
        #expect(try [Int](config: list("1", "2")) == [1, 2])
        #expect(try [Int](config: node("3")) == [3])
        #expect(try [Int](config: list()) == [])
        #expect(message([Int].self, list("1", "x")) == "needs a whole number, not 'x'")
        #expect(message([String].self, ConfigNode(.null)) == "needs a text, not nothing")
        #expect([Int].typeName == "a list, each element a whole number")
    }

    @Test(arguments: [
        (["a", "b.c"], "[a, b.c]"), ([], "[]"), (["**/*.json"], "['**/*.json']"), (["a b", "-"], "['a b', '-']"),
        (["it's", "'"], "[it's, '''']"), ([""], "['']"), (["a,b", "{x}", "x:"], "['a,b', '{x}', 'x:']"),
        (["a#b"], "[a#b]"),
    ])
    func elementsAreQuotedWhereTheyNeedIt(texts: [String], shown: String) {
        #expect(texts.optionText == shown)
    }

    @Test func optionalsAreShownWhenTheyAreThere() throws {
        #expect(try Int?(config: node("5")) == 5)
        #expect(Int?.none.optionText == "" && Int?.some(5).optionText == "5")
        #expect(Int?.typeName == "a whole number")
        #expect(message(Int?.self, ConfigNode(.null)) == "needs a whole number, not nothing")
    }

    @Test func choicesAreTheirRawValues() throws {
        #expect(try Level(config: node("medium")) == .medium)
        #expect(Level.high.optionText == "high")
        #expect(Level.typeName == "one of low, medium, high")
        #expect(
            message(Level.self, node("hihg")) == "needs one of low, medium, high, not 'hihg' (did you mean 'high'?)"
        )
        #expect(message(Level.self, node("extreme")) == "needs one of low, medium, high, not 'extreme'")
        #expect(message(Level.self, list("low")) == "needs one of low, medium, high, not a list")
    }

    @Test func fieldPathsSayWhatIsWrongWithThem() throws {
        #expect(try FieldPath(config: node("a.\"b.c\"")) == FieldPath("a", "b.c"))
        #expect(FieldPath("a", "b.c").optionText == "a.\"b.c\"")
        #expect(message(FieldPath.self, node("")) == "needs a field path such as userIdentity.type, not ''")
        #expect(message(FieldPath.self, list("a")) == "needs a field path such as userIdentity.type, not a list")
        #expect(message(FieldPath.self, node("\"a")) == "is no field path: a double quote is not closed")
    }

    @Test func pathsSayWhatIsReadAndWritten() throws {
        #expect(try InputPath(config: node("a.json")).pathUses == [.inputFile("a.json")])
        #expect(InputPath(stringLiteral: "-").pathUses == [])
        #expect(try InputTree(config: node("logs")).pathUses == [.inputTree("logs")])
        #expect(try OutputPath(config: node("-")).pathUses == [.output("-")])
        #expect(OutputPath(stringLiteral: "").pathUses == [])
        #expect([InputPath("a"), "-", "b"].pathUses == [.inputFile("a"), .inputFile("b")])
        #expect(OutputPath?.some("x").pathUses == [.output("x")] && OutputPath?.none.pathUses == [])
        for message in [
            message(InputPath.self, node("")), message(InputTree.self, node("")), message(OutputPath.self, node("")),
        ] {
            #expect(message == "needs a path, not an empty text")
        }
        #expect(message(OutputPath.self, ConfigNode(.null)) == "needs a path, not nothing")
    }
}

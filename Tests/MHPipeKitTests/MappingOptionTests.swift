import MHPipeKit
import Testing

/// Options whose value is a mapping, which plugins use for small tables.
@Suite struct MappingOptionTests {
    private func mapping(_ entries: (String, ConfigNode.Content)...) -> ConfigNode {
        ConfigNode(.mapping(entries.map { ConfigEntry(key: $0.0, value: ConfigNode($0.1)) }))
    }

    @Test func keysStayTexts() throws {
        let teams = try [String: String](config: mapping(("012345678901", .text("payments")), ("1.10", .text("ops"))))
        #expect(teams == ["012345678901": "payments", "1.10": "ops"])
    }

    @Test func valuesHaveTheTypeThatIsDeclared() throws {
        let limits = try [String: [Int]](config: mapping(("a", .text("1")), ("b", .list([ConfigNode(.text("2"))]))))
        #expect(limits == ["a": [1], "b": [2]])
    }

    @Test func aBadValueIsNamedByItsKey() {
        #expect(throws: OptionError("at 'b' needs a whole number, not 'many'")) {
            try [String: Int](config: mapping(("a", .text("1")), ("b", .text("many"))))
        }
    }

    @Test(arguments: [
        (ConfigNode.Content.text("x"), "needs a mapping, not 'x'"),
        (.list([]), "needs a mapping, not an empty list"),
        (.null, "needs a mapping, not nothing"),
    ])
    func onlyAMappingIsOne(content: ConfigNode.Content, message: String) {
        #expect(throws: OptionError(message)) { try [String: String](config: ConfigNode(content)) }
    }

    @Test func isShownInTheOrderOfItsKeys() {
        #expect(["b": "2", "a": "1", "c": "3"].optionText == "{a: 1, b: 2, c: 3}")
        #expect([String: Int].typeName == "a mapping, each value a whole number")
    }

    @Test func isShownAsItCanBeWritten() {
        #expect(["a b": "x, y", "c": ""].optionText == "{'a b': 'x, y', c: ''}")
        #expect(["a": ["x", "y: z"]].optionText == "{a: [x, 'y: z']}")
        #expect([["x"], ["a, b"]].optionText == "[[x], ['a, b']]")
    }

    @Test func itsPathsCountAsThoseOfTheOption() {
        let outputs: [String: OutputPath] = ["b": "two.csv", "a": "one.csv"]
        #expect(outputs.pathUses == [.output("one.csv"), .output("two.csv")])
    }
}

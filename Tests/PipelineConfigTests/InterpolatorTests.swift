import MHPipeKit
import Testing

@testable import PipelineConfig

@Suite struct InterpolatorTests {
    @Test(
        arguments: [
            ("${A}", "a"), ("x${A}${B}y", "xaby"), ("${C}", "from --set"), ("${D:-d}", "d"), ("${EMPTY}", ""),
            ("${EMPTY:-e}", "e"), ("${A:-x}", "a"), ("${D:-}", ""), ("${D:-a: b # c}", "a: b # c"),
            ("$A $ $$ $1", "$A $ $$ $1"), ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("cost $${A} ${A}", "cost ${A} a"),
            ("${ODD}", "${A} # x: y"), ("é${A}日", "éa日"),
        ]
    )
    func `references are replaced once`(text: String, expected: String) {
        var interpolator = Interpolator(
            variables: ["C": "from --set"],
            environment: ["A": "a", "B": "b", "C": "from the environment", "EMPTY": "", "ODD": "${A} # x: y"]
        )
        let result = interpolator.replaceVariables(in: text)
        #expect(result.text == expected)
        #expect(result.mistakes.isEmpty)
    }

    @Test func `values are text in the tree, whatever is in them`() throws {
        let source = SourceText(
            name: "test.conf",
            text: "a: ${X}\nb: \"${X}\"\nc: '${X}'\nd: [\"${X}\", ${X}, x${X} ${Y:-a, [b}]\ne: |\n  ${X}\nf: $${X}\n"
                + "g: { h: ${X}, i: $${X} }\nj: {k: ${X}}\n"
        )
        let parsed = PipelineFile.parse(source, variables: ["X": "x: [y] # z"])
        #expect(parsed.diagnostics.isEmpty)
        let tree = try #require(parsed.tree)
        #expect(tree["a"]?.text == "x: [y] # z")
        #expect(tree["b"]?.text == "x: [y] # z")
        #expect(tree["c"]?.text == "${X}")
        #expect(tree["d"]?.elements?.map(\.text) == ["x: [y] # z", "x: [y] # z", "xx: [y] # z a, [b"])
        #expect(tree["g"]?["h"]?.text == "x: [y] # z")
        #expect(tree["g"]?["i"]?.text == "${X}")
        #expect(tree["j"]?["k"]?.text == "x: [y] # z")
        #expect(tree["e"]?.text == "${X}\n")
        #expect(tree["f"]?.text == "${X}")
    }

    @Test func `every variable without a value is reported at its place`() {
        let source = SourceText(name: "test.conf", text: "a: x ${ONE} y ${TWO}\nb: \"\n  z ${ONE}\"\n")
        let parsed = PipelineFile.parse(source)
        #expect(parsed.tree == nil)
        #expect(
            parsed.diagnostics.map(\.span) == [
                SourceSpan(line: 1, column: 6, length: 6), SourceSpan(line: 1, column: 15, length: 6),
                SourceSpan(line: 3, column: 5, length: 6),
            ]
        )
    }

    @Test func `a set key with dots replaces or adds a value of the tree`() throws {
        let source = SourceText(name: "test.conf", text: "a:\n  b: 1\n  c: [x]\n")
        let parsed = PipelineFile.parse(source, variables: ["a.b": "2: #", "a.d": "3", "a.c": "4"])
        #expect(parsed.diagnostics.isEmpty)
        let tree = try #require(parsed.tree)
        #expect(
            ConfigTree.json(tree) == "{\n  \"a\": {\n    \"b\": \"2: #\",\n    \"c\": \"4\",\n    \"d\": \"3\"\n  }\n}"
        )
    }

    @Test(
        arguments: [
            ("a.x.y", "--set 'a.x.y' leads nowhere: 'a' has no 'x'"),
            ("b.c", "--set 'b.c' leads nowhere: the file has no 'b'"),
            ("a.b.c", "--set 'a.b.c' leads nowhere: 'a.b' is a text"),
            ("a..b", "--set 'a..b' is no path: expected keys with dots between, such as sinks.audit.path"),
        ]
    )
    func `a set key that leads nowhere is a mistake`(path: String, message: String) {
        let source = SourceText(name: "test.conf", text: "a:\n  b: 1\n")
        #expect(PipelineFile.parse(source, variables: [path: "1"]).diagnostics.map(\.message) == [message])
    }
}

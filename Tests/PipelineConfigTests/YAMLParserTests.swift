import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

@Suite struct YAMLParserTests {
    /// A text, and its tree as JSON on one line.
    @Test(
        arguments: [
            ("", "null"),
            ("# nothing\n", "null"),
            ("a", #""a""#),
            ("a: 1\nb:\n", #"{"a": "1", "b": null}"#),
            ("a:\n- b\n- c: d\n  e: f\n", #"{"a": ["b", {"c": "d", "e": "f"}]}"#),
            ("- - a\n  -\n- b", #"[["a", null], "b"]"#),
            ("a: [b, {c: d, e: }, ]\nf: {}", #"{"a": ["b", {"c": "d", "e": null}], "f": {}}"#),
            ("a: [\n  b,\n  c\n]", #"{"a": ["b", "c"]}"#),
            (
                "id: 012345678901\nversion: 1.10\non: yes\nnone: ~",
                #"{"id": "012345678901", "version": "1.10", "on": "yes", "none": "~"}"#
            ),
            ("a: b\n  c\n\n  d # e", #"{"a": "b c\nd"}"#),
            ("a: 'it''s ${A}'\nb: \"\\u00e9\\x41\\\n  \\tc\"", #"{"a": "it's ${A}", "b": "éA\tc"}"#),
            ("a: |\n  b\n   c\n\nd: >-\n  e\n  f\n\n", #"{"a": "b\n c\n", "d": "e f"}"#),
            ("a: |+\n  b\n\nc: |2\n    d\n", #"{"a": "b\n\n", "c": "  d\n"}"#),
            ("\u{FEFF}--- # c\r\na: b\r\nc: d\r\n", #"{"a": "b", "c": "d"}"#),
            ("'': x\n\"a b\": {'c':d}", #"{"": "x", "a b": {"c": "d"}}"#),
        ]
    )
    func `a text becomes a tree`(text: String, tree: String) {
        let parsed = YAMLParser.parse(text)
        #expect(parsed.diagnostics.isEmpty)
        #expect(ConfigTree.json(parsed.root ?? ConfigNode(.null)).onOneLine == tree)
    }

    /// Texts with a mark before each mistake, and what the mistakes are called.
    @Test(
        arguments: [
            ("a: é日本 1️⃣# c".replacing(" 1️⃣# c", with: "\n1️⃣- b"), ["a list item stands among keys here"]),
            ("\"日本\": 1️⃣@x", ["a text cannot begin with '@'"]),
            ("é: [日本, 👩‍👩‍👧, 1️⃣*x]", ["aliases such as '*name' are not supported"]),
            (
                "a: 1️⃣&x b\nc: 2️⃣!t d\ne: 3️⃣*x\n4️⃣<<: f",
                [
                    "anchors such as '&name' are not supported", "tags such as '!name' are not supported",
                    "aliases such as '*name' are not supported", "merge keys ('<<') are not supported",
                ]
            ),
            ("a: &x\n  b: c\n".replacing("&", with: "1️⃣&"), ["anchors such as '&name' are not supported"]),
            ("a:\n1️⃣\tb: c\n\td: e\nf: 2️⃣\tg", ["this line is indented with a tab", "a tab stands between words here"]),
            ("a: b\n1️⃣---\nc: [", ["a second document begins here, and a pipeline file holds one"]),
            (
                "1️⃣%TAG ! x\n2️⃣%YAML 1.2\na: b",
                [
                    "directives such as this are not supported", "directives such as this are not supported",
                ]
            ),
            ("a: b\n1️⃣...\n", ["the end mark '...' is not supported"]),
            (
                "a: 1\nb: 2\n1️⃣a: 3\n'b': 4".replacing("'b'", with: "2️⃣'b'"),
                ["the key 'a' is here twice", "the key 'b' is here twice"]
            ),
            ("a: {b: 1, 1️⃣b: 2}", ["the key 'b' is here twice"]),
            ("1️⃣? a\n: b\nc: d", ["a key is a single word or a quoted text in one line"]),
            ("1️⃣: a", ["this ':' has no key before it"]),
            ("1️⃣[a, b]: c\nd: e", ["a key is a single word or a quoted text in one line"]),
            ("a: 1️⃣[b, [c, d]\ne: f\ng: 2️⃣\"h\n", ["this '[' is never closed", "this \" is never closed"]),
            (
                "a: [1️⃣, b, 2️⃣&x c, d 3️⃣{}, 4️⃣@]\ne: 5️⃣]",
                [
                    "there is no value before this ','", "anchors such as '&name' are not supported",
                    "expected ',' or ']' here", "a text cannot begin with '@'", "there is no open bracket for this ']'",
                ]
            ),
            (
                "a:\n  1️⃣b\n    c: d\n  e: f\n  2️⃣g\nh: i",
                ["expected a key and a ':' here", "expected a key and a ':' here"]
            ),
            (
                "a: b1️⃣: c\nd: [e1️⃣: f]".replacing("e1️⃣", with: "e2️⃣"),
                ["a second ':' in one line", "a key cannot stand here"]
            ),
            (
                "a:\n    b: c\n  1️⃣d: e\nf: 2️⃣@",
                [
                    "this line is indented by 2 spaces, and nothing above it is", "a text cannot begin with '@'",
                ]
            ),
            ("a: |1️⃣x\n  b\nc: d", ["expected the end of the line here"]),
            ("a: |\n1️⃣    \n  b\n", ["this blank line has more spaces than the first line of the text"]),
            ("|\n1️⃣a", ["this line is not indented, so it is not part of the text above"]),
            (
                "a: 1️⃣{b: c\nd: e,\nf: g}\nh: [i]\nj: {k: l m2️⃣: n}",
                ["this '{' is never closed", "a second ':' after one key"]
            ),
            ("[a]\n1️⃣b: c", ["expected the end of the file here"]),
            (
                "a: \"1️⃣\\q 2️⃣\\ud800 3️⃣\\xg\"",
                [
                    "there is no escape '\\q'", "this escape is no Unicode character",
                    "this escape needs 2 hexadecimal digits",
                ]
            ),
        ]
    )
    func `each mistake is found at its place`(marked: String, messages: [String]) {
        let text = MarkedText(marked)
        let diagnostics = YAMLParser.parse(text.text).diagnostics
        #expect(diagnostics.map(\.message) == messages)
        #expect(diagnostics.map { $0.span.map { [$0.line, $0.column] } } == text.places.map { [$0.line, $0.column] })
    }

    /// YAML 1.2 counts the last line like one with a line end, `["\n"]` and `"x\n \n"`; PyYAML does not.
    @Test(
        arguments: [
            "- |+\n1️⃣   ", "- |+\n1️⃣ ", "|+\n1️⃣  ", "- >+\n\n1️⃣  ", "a: |+\n  b\n1️⃣ ", "a: |+\n  b\n\n1️⃣  ",
            "a: |\n  x\n1️⃣   ", "a: |-\n  x\n1️⃣   ", "a: >\n  x\n1️⃣    ", "a: >-\n  x\n\n1️⃣   ", "a: |2\n1️⃣    ",
            "a: |\n  x\n1️⃣  \t", "a:\n  - |\n    x\n1️⃣     ", "a: |\r\n  x\r\n1️⃣   ",
        ]
    )
    func `a block text does not end with a line of spaces that has no line end`(marked: String) {
        let text = MarkedText(marked)
        let diagnostics = YAMLParser.parse(text.text).diagnostics
        #expect(diagnostics.map(\.message) == ["the text ends with a line of spaces that has no line end"])
        #expect(diagnostics.map { $0.span.map { [$0.line, $0.column] } } == text.places.map { [$0.line, $0.column] })
        #expect(YAMLParser.parse(text.text + "\n").diagnostics.isEmpty)
    }

    @Test func `spans cover what was written, in characters`() throws {
        let root = try #require(YAMLParser.parse("clé:  \"日本 👩‍👩‍👧\" # c\nb: [x, 'y\n  z']").root)
        let entries = try #require(root.entries)
        #expect(entries[0].keySpan == SourceSpan(line: 1, column: 1, length: 3))
        #expect(entries[0].value.span == SourceSpan(line: 1, column: 7, length: 6))
        #expect(
            entries[1].value.elements?.map(\.span) == [
                SourceSpan(line: 2, column: 5, length: 1), SourceSpan(line: 2, column: 8, length: 2),
            ]
        )
    }

    @Test func `a key is at most as long as YAML parsers look for`() {
        let key = String(repeating: "é", count: 1024)
        #expect(YAMLParser.parse(key + ": a").diagnostics.isEmpty)
        #expect(
            YAMLParser.parse(key + "x: a").diagnostics.map(\.message) == ["this key is longer than 1024 characters"]
        )
    }
}

extension String {
    /// JSON without its line ends and indentation.
    fileprivate var onOneLine: String {
        split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
            .replacing("[ ", with: "[").replacing(" ]", with: "]").replacing("{ ", with: "{").replacing(" }", with: "}")
    }
}

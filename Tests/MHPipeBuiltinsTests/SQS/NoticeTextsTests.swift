import Testing

@testable import MHPipeBuiltins

@Suite struct NoticeTextsTests {
    private static let cases: [(String, [(String, Int)])] = [
        ("", []), (" \n\r\n", []), ("{\"a\":1}\n{\"b\":2}\n", [("{\"a\":1}", 1), ("{\"b\":2}", 2)]),
        ("{\"a\":1}{\"b\":2} {\"c\":3}", [("{\"a\":1}", 1), ("{\"b\":2}", 1), ("{\"c\":3}", 1)]),
        ("{\n \"a\": \"}\\\"\"\n}\n\n[1,\n2]", [("{\n \"a\": \"}\\\"\"\n}", 1), ("[1,\n2]", 5)]),
        ("CloudTrail validation message.\n{\"a\":1}", [("CloudTrail validation message.", 1), ("{\"a\":1}", 2)]),
        ("{\"a\":\n{\"b\":2}\n{\"c\":3}\r\n", [("{\"a\":", 1), ("{\"b\":2}", 2), ("{\"c\":3}", 3)]),
        ("{\"a\":1} x\n{\"b\":2}", [("{\"a\":1}", 1), ("x", 1), ("{\"b\":2}", 2)]),
        ("\u{FEFF}{\"a\":1}", [("{\"a\":1}", 1)]), ("\"text\"\n12", [("\"text\"", 1), ("12", 2)]),
    ]

    @Test(arguments: cases.indices) func givesOneTextAfterTheOther(index: Int) {
        let (text, expected) = Self.cases[index]
        var texts = NoticeTexts(Array(text.utf8))
        var found: [(String, Int)] = []
        while let next = texts.next() { found.append((next.text, next.line)) }
        #expect(found.map(\.0) == expected.map(\.0))
        #expect(found.map(\.1) == expected.map(\.1))
    }
}

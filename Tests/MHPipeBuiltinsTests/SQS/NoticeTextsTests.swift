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

    /// Gives so many bytes at a time, and counts them.
    private final class Pieces {
        private var rest: ArraySlice<UInt8>
        private let count: Int
        private(set) var given = 0

        init(_ bytes: some Sequence<UInt8>, of count: Int) {
            rest = Array(bytes)[...]
            self.count = count
        }

        func more(_ bytes: inout [UInt8]) -> Bool {
            let piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            given += piece.count
            bytes += piece
            return !piece.isEmpty
        }
    }

    @Test(arguments: cases.indices, [1, 2, 7, 1 << 20]) func givesOneTextAfterTheOther(index: Int, piece: Int) throws {
        let (text, expected) = Self.cases[index]
        let pieces = Pieces(text.utf8, of: piece)
        var texts = NoticeTexts(pieces.more)
        var found: [(String, Int)] = []
        while let next = try texts.next() { found.append((next.text, next.line)) }
        #expect(found.map(\.0) == expected.map(\.0))
        #expect(found.map(\.1) == expected.map(\.1))
    }

    /// What does not begin with an array is not read further than it has to be, whatever stands in it.
    @Test(arguments: ["{\"a\":1}", "hello", "{\"a\":", "[1,", "{\"a\":1}{\"b\":2}"])
    func readsNoFurtherThanTheTextAtHand(line: String) throws {
        let lines = "{\"first\":1}\n" + String(repeating: line + "\n", count: 1_000_000)
        let pieces = Pieces(lines.utf8, of: 4096)
        var texts = NoticeTexts(pieces.more)
        for _ in 0..<3 { _ = try texts.next() }
        #expect(pieces.given <= 3 << 20)
    }
}

import MHPipeKit
import Testing

@Suite struct SourceTextTests {
    @Test(
        arguments: [
            ("", [""]), ("a", ["a"]), ("a\nb\n", ["a", "b", ""]), ("a\r\nb\r\n", ["a", "b", ""]), ("\u{FEFF}a", ["a"]),
            ("a\rb\n", ["a\rb", ""]), ("\r\n\n", ["", "", ""]), ("e\n\u{301}x", ["e", "\u{301}x"]),
        ]
    )
    func `a text is split into its lines`(text: String, lines: [String]) {
        #expect(SourceText(name: "t", text: text).lines.map(String.init) == lines)
        #expect(SourceText(name: "t", bytes: text.utf8).lines.map(String.init) == lines)
        #expect(SourceText(name: "t", bytes: text.utf8).encodingMistakes.isEmpty)
    }

    @Test func `bytes that are no UTF-8 are found, one in a line`() {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF, 0xC3, 0xA9, 0xE9, 0x0A, 0x61, 0x0A, 0x62, 0x80, 0x80]
        let source = SourceText(name: "t", bytes: bytes)
        #expect(source.lines.count == 3)
        #expect(
            source.encodingMistakes.map(\.span) == [SourceSpan(line: 1, column: 2), SourceSpan(line: 3, column: 2)]
        )
        #expect(source.encodingMistakes.first?.message == "this line is not UTF-8: byte 0xE9 has no place here")
    }

    @Test func `what is no text says so once`() {
        let source = SourceText(name: "t", bytes: [0x1F, 0x8B, 0x00, 0x80, 0x0A, 0x80])
        #expect(source.encodingMistakes.map(\.message) == ["this is no text file: it holds zero bytes"])
    }
}

import MHPipeKit
import PipelineConfig
import Testing

@Suite struct DiagnosticPrinterTests {
    private static func page(_ text: String, _ span: SourceSpan, label: String? = nil) -> String {
        let source = SourceText(name: "a.conf", text: text)
        return DiagnosticPrinter(source: source).text(Diagnostic("wrong", at: span, label: label))
    }

    @Test func `all parts stand where they belong`() {
        let source = SourceText(name: "a.conf", text: String(repeating: "\n", count: 122) + "  pth: x")
        let diagnostic = Diagnostic(
            "no option 'pth'",
            severity: .warning,
            at: SourceSpan(line: 123, column: 3, length: 3),
            label: "did you mean 'path'?",
            notes: ["one", "two"]
        )
        #expect(
            DiagnosticPrinter(source: source).text(diagnostic) == """
                warning: no option 'pth'
                   --> a.conf:123:3
                    |
                123 |   pth: x
                    |   ^^^ did you mean 'path'?
                    = one
                    = two

                """
        )
    }

    @Test func `without a place or a file there is no excerpt`() {
        let diagnostic = Diagnostic("wrong", label: "did you mean 'x'?", notes: ["why"])
        let expected = "error: wrong\n   = did you mean 'x'?\n   = why\n"
        #expect(DiagnosticPrinter(source: SourceText(name: "a.conf", text: "x")).text(diagnostic) == expected)
        #expect(DiagnosticPrinter().text(Diagnostic("wrong", at: SourceSpan(line: 1, column: 1))) == "error: wrong\n")
    }

    /// A line, the column and length of the span, and how many columns of a terminal stand before and below the carets.
    @Test(
        arguments: [
            (line: "ab", column: 2, length: 1, before: 1, carets: 1),
            (line: "日本 x", column: 4, length: 1, before: 5, carets: 1),
            (line: "日本 x", column: 1, length: 2, before: 0, carets: 4),
            (line: "e\u{301}x", column: 2, length: 1, before: 1, carets: 1),
            (line: "👩‍👩‍👧x", column: 2, length: 1, before: 2, carets: 1),
            (line: "\tx", column: 2, length: 1, before: 4, carets: 1),
            (line: "a\tx", column: 3, length: 1, before: 4, carets: 1),
            (line: "ab", column: 3, length: 1, before: 2, carets: 1),
            (line: "ab", column: 1, length: 99, before: 0, carets: 2),
            (line: "", column: 1, length: 1, before: 0, carets: 1),
        ]
    )
    func `carets stand below what they mark`(line: String, column: Int, length: Int, before: Int, carets: Int) {
        let page = Self.page(line, SourceSpan(line: 1, column: column, length: length))
        let marks = "   | " + String(repeating: " ", count: before) + String(repeating: "^", count: carets)
        #expect(page.split(separator: "\n").last.map(String.init) == marks)
    }

    @Test func `a long line is cut around the carets`() throws {
        let line = String(repeating: "a", count: 500) + "XY" + String(repeating: "b", count: 500)
        let lines = Self.page(line, SourceSpan(line: 1, column: 501, length: 2)).split(separator: "\n")
        let excerpt = try #require(lines.dropLast().last)
        let marks = try #require(lines.last)
        #expect(excerpt.count < 110)
        let start = try #require(marks.firstIndex(of: "^"))
        let offset = marks.distance(from: marks.startIndex, to: start)
        #expect(excerpt.dropFirst(offset).hasPrefix("XYbb"))
        #expect(excerpt.hasSuffix("…") && excerpt.contains("| …a"))
    }

    @Test func `what a terminal would act on is written out`() {
        let page = DiagnosticPrinter(source: SourceText(name: "a\u{1B}.conf", text: "x\u{1B}[2J\u{202E}y")).page([
            Diagnostic("no '\u{1B}[2J\n'", at: SourceSpan(line: 1, column: 1), label: "\u{7}", notes: ["\u{202E}"])
        ])
        #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" })
        #expect(page.hasPrefix("error: no '\\u{1B}[2J\\n'\n"))
    }

    @Test func `colour only adds to the text`() {
        let source = SourceText(name: "a.conf", text: "abc")
        let diagnostic = Diagnostic("wrong", at: SourceSpan(line: 1, column: 2), label: "here", notes: ["why"])
        let coloured = DiagnosticPrinter(source: source, isColored: true).text(diagnostic)
        #expect(coloured.contains("\u{1B}[1;31merror:\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == DiagnosticPrinter(source: source).text(diagnostic))
    }

    @Test func `errors and warnings are counted`() {
        let (error, warning) = (Diagnostic("a"), Diagnostic("b", severity: .warning))
        #expect(DiagnosticPrinter.count([error, warning, error]) == "2 errors, 1 warning")
        #expect(DiagnosticPrinter.count([warning]) == "1 warning")
        #expect(DiagnosticPrinter.count([]).isEmpty)
    }
}

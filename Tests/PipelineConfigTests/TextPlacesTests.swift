import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Where the characters of a scalar stand in the file, whatever way it is written in.
@Suite struct TextPlacesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let marked: String
        /// The part of the text whose place is asked for, and how many characters of the file it takes.
        let part: String
        let length: Int

        init(_ name: String, _ marked: String, _ part: String = "XY", length: Int = 2) {
            testDescription = name
            self.marked = marked
            self.part = part
            self.length = length
        }
    }

    static let cases = [
        Case("plain", "k: ab 1️⃣XY c"),
        Case("plain, behind other alphabets", "k: ä日😀 1️⃣XY"),
        Case("plain, in the second line", "k: ab\n  c 1️⃣XY"),
        Case("plain, behind an empty line", "k: ab\n\n  1️⃣XY"),
        Case("single quotes", "k: 'ab 1️⃣XY'"),
        Case("single quotes, behind doubled ones", "k: 'a''b '''' 1️⃣XY'"),
        Case("doubled quotes themselves", "k: 'a1️⃣''b'", "'", length: 2),
        Case("double quotes", #"k: "ab 1️⃣XY""#),
        Case("double quotes, behind escapes", #"k: "\"a\" \\ \u00e4 \x41\n 1️⃣XY""#),
        Case("an escape itself", #"k: "ab1️⃣\u00e4b""#, "ä", length: 6),
        Case("double quotes, in the third line", "k: \"ab\n\n   c\\\n   1️⃣XY d\""),
        Case("a block", "k: |\n  ab\n  c 1️⃣XY\n"),
        Case("a block with indented lines", "k: |\n  ab\n    c 1️⃣XY\n"),
        Case("a block with a number", "k: |2\n   ab 1️⃣XY"),
        Case("a folded block", "k: >\n  ab\n  cd\n\n  e 1️⃣XY f\n"),
        Case("a folded block, stripped", "k: >-\n  ab 1️⃣XY\n"),
        Case("behind a variable", "k: ${LONG} 1️⃣XY"),
        Case("behind a variable in quotes", #"k: "\"${LONG}\" 1️⃣XY""#),
        Case("behind an escaped variable", "k: $${LONG} 1️⃣XY"),
        Case("of a variable's value", "k: ab 1️⃣${LONG} c", "value", length: 7),
        Case("in a list", "k: [a, 'b 1️⃣XY']"),
        Case("over two lines", "k: ab 1️⃣XY\n  Z", "XY Z", length: 3),
    ]

    @Test(arguments: cases) func `a part of a text is found`(_ example: Case) throws {
        let marked = MarkedText(example.marked)
        var interpolator: Interpolator? = Interpolator(variables: ["LONG": "a long value"], environment: [:])
        let document = YAMLParser.parse(SourceText(name: "p.conf", text: marked.text), interpolator: &interpolator)
        #expect(document.diagnostics.isEmpty)
        let value = try #require(document.root?["k"])
        let node = try #require((value.elements ?? [value]).last)
        let text = try #require(node.text)
        let part = try #require(text.range(of: example.part))
        let start = text.utf8.distance(from: text.startIndex, to: part.lowerBound)
        let place = try #require(marked.places.first)
        #expect(
            node.span(ofBytes: start..<start + example.part.utf8.count)
                == SourceSpan(line: place.line, column: place.column, length: example.length)
        )
    }

    @Test func `the end of a text is behind its last character`() throws {
        for written in ["k: abä1️⃣", "k: 'abä1️⃣'", "k: \"a${X}\\n1️⃣\"", "k: |-\n  a\n  bä1️⃣\n"] {
            let marked = MarkedText(written)
            var interpolator: Interpolator? = Interpolator(variables: ["X": "value"], environment: [:])
            let document = YAMLParser.parse(SourceText(name: "p.conf", text: marked.text), interpolator: &interpolator)
            let node = try #require(document.root?["k"])
            let end = try #require(node.text?.utf8.count)
            #expect(node.span(ofBytes: end..<end) == marked.places.first, "\(written)")
        }
    }

    @Test func `an empty text has a place, and one of the command line has none`() {
        var interpolator: Interpolator?
        let document = YAMLParser.parse(SourceText(name: "p.conf", text: "k: ''"), interpolator: &interpolator)
        #expect(document.root?["k"]?.span(ofBytes: 0..<0)?.column == 4)
        #expect(ConfigNode(.text("abc")).span(ofBytes: 1..<2) == nil)
    }
}

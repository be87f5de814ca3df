import MHPipeIO
import Testing

@testable import MHPipeReport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whatever a text holds, it is text in the page.
struct MarkupTests {
    @Test(arguments: [
        ("</script><script>alert(1)</script>", "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
        (#"" onmouseover="alert(1)"#, "&quot; onmouseover=&quot;alert(1)"),
        ("' x='", "&#39; x=&#39;"),
        ("&lt;", "&amp;lt;"),
        ("a\0b", "a\\u{0}b"),
        ("\u{1B}[2J", "\\u{1B}[2J"),
        ("user\u{202E}nimda", "user\\u{202E}nimda"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("a\u{200B}b\u{AD}c\u{FEFF}d\u{061C}e", "a\\u{200B}b\\u{AD}c\\u{FEFF}d\\u{61C}e"),
        ("\u{E0041}\u{2028}\u{FFFE}", "\\u{E0041}\\u{2028}\\u{FFFE}"),
        ("line\nend\ttab", "line\\nend\\ttab"),
        ("<!--", "&lt;!--"), ("]]>", "]]&gt;"), ("${x}", "${x}"),
        ("移行中 – Übertragung 🚀", "移行中 – Übertragung 🚀"),
    ])
    func isText(text: String, html: String) {
        let inText: Markup = "<td>\(text)</td>"
        let inAttribute: Markup = "<td title=\"\(text)\"></td>"
        #expect(inText.text == "<td>\(html)</td>")
        #expect(inAttribute.text == "<td title=\"\(html)\"></td>")
    }

    @Test func longTextsAreCut() {
        let markup: Markup = "\(String(repeating: "<", count: 100_000))"
        #expect(markup.byteCount < 5000)
        #expect(markup.text.hasSuffix("…"))
    }

    @Test func markupIsNotEscapedTwice() {
        let inner: Markup = "<b>\("<")</b>"
        let outer: Markup = "<p>\(inner)</p>"
        #expect(outer.text == "<p><b>&lt;</b></p>")
    }

    /// The policy of the page lets in what has these hashes, and nothing else.
    @Test(arguments: [(PageStyle.text, PageStyle.hash), (PageScript.text, PageScript.hash)])
    func hashIsThatOfTheText(text: Markup, hash: String) throws {
        let digest = try SHA256()
        digest.update(Array(text.text.utf8))
        #expect(hash == "sha256-" + Data(digest.finish()).base64EncodedString())
        #expect(!text.text.contains("</"))
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_204_377, "1,204,377"), (-1234, "-1,234")])
    func numbersAreGrouped(number: Int, text: String) {
        #expect(Wording.grouped(number) == text)
    }
}

import MHPipeKit
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: [
        ("plain é", "plain é"), (#"a\/b\u002fc"#, "a/b/c"), (#"\u003A\u0041"#, ":A"),
        (#"\"\\\n\t\r\b\f"#, #"\"\\\n\t\r\b\f"#),
        (#"\u0022\u005c\u000a\u0001"#, #"\"\\\n\u0001"#), (#"\ud83d\ude00"#, "\u{1F600}"), (#"\ud800x"#, #"\ud800x"#),
        (#"\ud800\u0041"#, #"\ud800A"#), (#"\udc00\/"#, #"\udc00/"#), (#"\\/"#, #"\\/"#), ("", ""),
    ])
    func normalizesEscapes(text: String, expected: String) {
        let normalized = Array(text.utf8).withUnsafeBufferPointer { JSONText.normalized($0) }
        #expect(String(decoding: normalized, as: UTF8.self) == expected)
        #expect(decoded(text) == decoded(expected))
    }

    private func decoded(_ text: String) -> String {
        Array(text.utf8).withUnsafeBufferPointer { JSONText.decode($0) }
    }
}

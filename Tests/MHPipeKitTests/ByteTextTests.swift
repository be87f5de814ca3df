import MHPipeKit
import Testing

@Suite struct ByteTextTests {
    @Test(
        arguments: [
            ("", ""), ("plain/a.json", "plain/a.json"), ("ä/😀", "ä/😀"),
            ("a\u{FFFD}b", "a\u{FFFD}b"), ("a\u{FEFF}", #"a\u{FEFF}"#),
        ]
    )
    func whatIsTextStaysText(text: String, visible: String) {
        #expect(ByteText.text(Array(text.utf8)) == text)
        #expect(ByteText.bytes(text) == Array(text.utf8))
        #expect(text.visible == visible)
    }

    @Test(
        arguments: [
            ([0xFF], #"\xFF"#), ([0x74, 0xFF, 0x2E, 0x74], #"t\xFF.t"#), ([0x80, 0x81], #"\x80\x81"#),
            // A letter cut short, an overlong slash, half a surrogate pair, and a letter behind them.
            ([0xC3, 0x2F, 0xC3, 0xA4], #"\xC3/ä"#), ([0xC0, 0xAF], #"\xC0\xAF"#),
            ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
            ([0xF0, 0x9F, 0x98], #"\xF0\x9F\x98"#),
            // U+FDDF and U+FDEF, which are what stands for 0xFF.
            ([0xEF, 0xB7, 0x9F, 0xEF, 0xB7, 0xAF], #"\xEF\xB7\x9F\xEF\xB7\xAF"#),
        ] as [([UInt8], String)]
    )
    func whatIsNoTextComesBack(bytes: [UInt8], visible: String) {
        let text = ByteText.text(bytes)
        #expect(ByteText.bytes(text) == bytes)
        #expect(text.visible == visible)
    }

    @Test func everyStringOfBytesComesBack() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let length = Int.random(in: 0..<12, using: &random)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(ByteText.bytes(ByteText.text(bytes)) == bytes)
        }
    }

    /// Such texts come from pipeline files only, and stand for themselves.
    @Test(arguments: [
        [0xFDD8], [0xFDE0], [0xFDE0, 0xFDD8], [0xFDD0, 0xFDE1], [0xFDDF, 0xFDDF, 0x61], [0x78, 0xFDDF],
    ])
    func noncharactersThatAreNoPairStandForThemselves(scalars: [UInt32]) {
        var text = ""
        for scalar in scalars.compactMap(Unicode.Scalar.init) { text.unicodeScalars.append(scalar) }
        #expect(text.unicodeScalars.count == scalars.count)
        #expect(ByteText.bytes(text) == Array(text.utf8))
    }
}

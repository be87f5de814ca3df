extension Unicode.Scalar {
    /// True for what a terminal would act on instead of showing: control characters, and those that turn the
    /// direction of the text, which could make an excerpt read differently from the file.
    package var isUnprintable: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: ByteText.highHalves.contains(value) || ByteText.lowHalves.contains(value)
        }
    }

    fileprivate var lastHexDigit: String { String(value & 0xF, radix: 16, uppercase: true) }
}

extension String {
    /// The text with everything a terminal would act on written out: `\n`, `\t`, `\u{1B}`; and bytes that are no text,
    /// as `ByteText` has them: `\xFF`.
    package var visible: String {
        guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
        return unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\t": "\\t"
            case "\r": "\\r"
            case _ where ByteText.highHalves.contains(scalar.value): "\\x" + scalar.lastHexDigit
            case _ where ByteText.lowHalves.contains(scalar.value): scalar.lastHexDigit
            case _ where scalar.isUnprintable: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: String(scalar)
            }
        }.joined()
    }
}

/// How a time is written: `%Y-%m-%d`, as `strftime` has it, in UTC.
package struct TimeFormat: Hashable, Sendable {
    private enum Piece: Hashable {
        case literal(UInt8)
        case part(UInt8)
    }

    private let pieces: [Piece]

    /// Reads a format.
    ///
    /// - Throws: `OptionError` when it is none.
    package init(parsing text: String) throws(OptionError) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "%" else {
                pieces += String(character).utf8.map(Piece.literal)
                continue
            }
            guard let next = rest.popFirst(), let part = next.asciiValue, "YmdHMS%".utf8.contains(part) else {
                throw OptionError(
                    "has a time format that cannot be read: '\(text)'",
                    label: "known are %Y, %m, %d, %H, %M, %S and %%"
                )
            }
            pieces.append(part == UInt8(ascii: "%") ? .literal(part) : .part(part))
        }
        guard pieces.contains(where: { if case .part = $0 { true } else { false } }) else {
            throw OptionError("has a time format without a time: '\(text)'", label: "for a day write %Y-%m-%d")
        }
        self.pieces = pieces
    }

    package func append(_ time: Timestamp, to bytes: inout [UInt8]) {
        let parts = time.parts
        for piece in pieces {
            switch piece {
            case .literal(let byte): bytes.append(byte)
            case .part(UInt8(ascii: "Y")): Self.append(parts.year, 4, &bytes)
            case .part(UInt8(ascii: "m")): Self.append(parts.month, 2, &bytes)
            case .part(UInt8(ascii: "d")): Self.append(parts.day, 2, &bytes)
            case .part(UInt8(ascii: "H")): Self.append(parts.second / 3600, 2, &bytes)
            case .part(UInt8(ascii: "M")): Self.append(parts.second / 60 % 60, 2, &bytes)
            case .part: Self.append(parts.second % 60, 2, &bytes)
            }
        }
    }

    private static func append(_ number: Int, _ width: Int, _ bytes: inout [UInt8]) {
        let digits = String(number).utf8
        bytes += Array(repeating: UInt8(ascii: "0"), count: max(width - digits.count, 0)) + digits
    }
}

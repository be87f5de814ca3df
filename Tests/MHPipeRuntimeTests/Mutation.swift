import MHPipeTestSupport

/// A text that is damaged in one place or some: what editors, cut transfers and bad programs leave behind.
struct Mutation: CustomStringConvertible {
    private(set) var text: [UInt8]
    /// What was done, for the comment of a test that fails.
    private(set) var description = ""

    /// Damages a text.
    init(_ text: [UInt8], _ random: inout SplitMix64) {
        self.text = text
        for _ in 0..<random.pick([1, 1, 1, 2, 3]) where !self.text.isEmpty { damage(&random) }
    }

    private enum Kind: CaseIterable {
        case change, insert, remove, removeStructural, repeatStructural, swapBracket, swapBracketPair, truncate
        case repeatRange, moveRange, insertPiece, insertRun, changeLineEnds
    }

    private mutating func damage(_ random: inout SplitMix64) {
        let kind = random.pick(Kind.allCases)
        let place = random.below(text.count)
        let end = min(text.count, place + random.pick([1, 2, 5, 40, 300]))
        switch kind {
        case .change: text[place] = Self.byte(&random)
        case .insert: text.insert(Self.byte(&random), at: place)
        case .remove: text.removeSubrange(place..<end)
        case .removeStructural, .repeatStructural, .swapBracket:
            // The next of these behind the place.
            let wanted = kind == .swapBracket ? Self.brackets : Self.structural
            guard let found = text[place...].firstIndex(where: wanted.contains) else { return }
            switch kind {
            case .removeStructural: text.remove(at: found)
            case .repeatStructural: text.insert(text[found], at: found)
            default: text[found] = Self.swapped(text[found])
            }
        case .swapBracketPair:
            guard let first = text[place...].firstIndex(where: Self.brackets.contains),
                let second = text[(first + 1)...].firstIndex(where: Self.brackets.contains)
            else { return }
            for found in [first, second] { text[found] = Self.swapped(text[found]) }
        case .truncate: text.removeSubrange(place...)
        case .repeatRange: text.insert(contentsOf: text[place..<end], at: end)
        case .moveRange:
            let moved = Array(text[place..<end])
            text.removeSubrange(place..<end)
            text.insert(contentsOf: moved, at: random.below(text.count + 1))
        case .insertPiece: text.insert(contentsOf: random.pick(Self.pieces), at: place)
        case .insertRun: text.insert(contentsOf: Array(repeating: Self.byte(&random), count: 6000), at: place)
        case .changeLineEnds:
            let newEnd = random.pick([[0x0D, 0x0A], [0x0D], [], [0x0A, 0x0A], [0x20, 0x0A]] as [[UInt8]])
            text = Array(text.split(separator: 0x0A, omittingEmptySubsequences: false).joined(separator: newEnd))
        }
        description += "\(kind) at \(place), "
    }

    private static func byte(_ random: inout SplitMix64) -> UInt8 {
        random.once(in: 3) ? UInt8(random.below(256)) : random.pick(likely)
    }

    private static func swapped(_ bracket: UInt8) -> UInt8 {
        bracket ^ (UInt8(ascii: "{") ^ UInt8(ascii: "["))
    }

    private static let brackets = Array("{}[]".utf8)
    private static let structural = Array("{}[]\",:".utf8)
    private static let likely = Array(#"{}[]",:\ 0-n/"#.utf8) + [0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
    private static let pieces: [[UInt8]] =
        [
            "{}", "[]", "]}", "},{", "\n]\n", "\n}\n", "\n,\n", "\n\n", "\\", "\\\\\"", "\\u12", "\\ud800", "null",
            "tru",
            "1e", "01", "-", "\"", "\"Records\":[", "{\"Records\":[{", "{\"eventVersion\":\"1\"}",
            "\"eventVersion\":2,",
            "{\"a\":\"", "[[[[", "\u{FEFF}", "\u{E9}",
        ].map { Array($0.utf8) } + [[0, 0, 0], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xE2, 0x82]]
}

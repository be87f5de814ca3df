import MHPipeKit

/// One line of a file as a terminal shows it, with the columns that a span marks.
///
/// Tabs become spaces, a long line is cut around the marked part, and widths are counted in terminal columns, so that
/// the carets stand below what they mark.
struct Excerpt {
    /// The line, or the part of it that is shown.
    private(set) var text = ""
    /// The columns before the first caret.
    private(set) var indent = 0
    /// The number of carets, at least 1.
    private(set) var carets = 0

    private static let tabStop = 4
    /// The widest excerpt, and how much of it may stand before the carets when the line is cut.
    private static let (mostColumns, mostBefore) = (100, 40)

    init(_ line: Substring, marking span: SourceSpan) {
        let characters = Array(line)
        let start = min(max(span.column - 1, 0), characters.count)
        let end = min(start + span.length, characters.count)

        var first = 0
        if Self.columns(characters[..<min(end + 1, characters.count)]) > Self.mostColumns {
            first = start
            var before = 0
            while first > 0, before < Self.mostBefore {
                first -= 1
                before += DisplayWidth.of(characters[first])
            }
        }
        var column = 0
        if first > 0 { append("…", to: &column) }
        for (index, character) in characters[first...].enumerated() {
            guard column < Self.mostColumns else {
                append("…", to: &column)
                break
            }
            if first + index == start { indent = column }
            append(Self.shown(character, at: column), to: &column)
            if (start..<end).contains(first + index) { carets = column - indent }
        }
        if start == characters.count { indent = column }
        carets = max(carets, 1)
    }

    private mutating func append(_ shown: String, to column: inout Int) {
        text += shown
        column += shown.reduce(0) { $0 + DisplayWidth.of($1) }
    }

    private static func shown(_ character: Character, at column: Int) -> String {
        if character == "\t" { return String(repeating: " ", count: tabStop - column % tabStop) }
        return character.unicodeScalars.contains(where: \.isUnprintable) ? "\u{FFFD}" : String(character)
    }

    private static func columns(_ characters: ArraySlice<Character>) -> Int {
        var column = 0
        for character in characters {
            column += character == "\t" ? tabStop - column % tabStop : DisplayWidth.of(character)
        }
        return column
    }
}

public import MHPipeKit

/// A text in which the characters 1️⃣, 2️⃣, … mark places, so that tests read positions and never count them.
public struct MarkedText: Sendable {
    /// The text without its marks.
    public let text: String
    /// Where the marks stood, in their order: the line and column of the character behind each.
    public let places: [SourceSpan]

    /// Takes the marks out of a text.
    public init(_ marked: String) {
        var text = ""
        var places: [(number: Int, span: SourceSpan)] = []
        var (line, column) = (1, 1)
        for character in marked {
            if let number = Self.marks.firstIndex(of: character) {
                places.append((number, SourceSpan(line: line, column: column)))
                continue
            }
            text.append(character)
            (line, column) = character.isNewline ? (line + 1, 1) : (line, column + 1)
        }
        self.text = text
        self.places = places.sorted { $0.number < $1.number }.map(\.span)
    }

    private static let marks: [Character] = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"]
}

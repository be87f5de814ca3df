/// A place in a pipeline file: a run of characters on one line.
public struct SourceSpan: Sendable, Hashable {
    /// The line, from 1.
    public var line: Int
    /// The column of the first character, from 1, counted in characters and not in bytes.
    public var column: Int
    /// The number of characters, at least 1.
    public var length: Int

    /// States a place.
    ///
    /// - Parameters:
    ///   - line: The line, from 1.
    ///   - column: The first character's column, from 1.
    ///   - length: The number of characters.
    public init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = max(length, 1)
    }
}

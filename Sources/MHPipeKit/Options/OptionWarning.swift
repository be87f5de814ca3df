/// Something about the options of a stage that is no mistake, but likely not what was meant.
public struct OptionWarning: Sendable, Hashable {
    /// The key of the option that it is about; nil for the stage as a whole.
    public var option: String?
    /// What will happen: lower case, no full stop, the user's own text in single quotes.
    public var message: String
    /// Further lines: why, and what to do about it.
    public var notes: [String]
    /// The text that it is about, such as one element of a list, when that is not the whole value of the option.
    public var text: String?
    /// Where it stands, when whoever warns knows better than that.
    package var span: SourceSpan?

    /// States a warning.
    ///
    /// - Parameters:
    ///   - option: The key of the option that it is about.
    ///   - message: What will happen.
    ///   - notes: Further lines.
    ///   - text: The text that it is about, when that is not the whole value.
    public init(option: String? = nil, _ message: String, notes: [String] = [], at text: String? = nil) {
        self.text = text
        self.option = option
        self.message = message
        self.notes = notes
    }
}

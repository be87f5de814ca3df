/// A field of events: its key, and what is known of its value.
///
/// Plugins say with these what they add, and the check of pipelines compares field paths with them, so that a misspelt
/// name is found before anything runs.
public struct EventField: Sendable, Hashable {
    /// What is known of a value.
    public indirect enum Content: Sendable, Hashable {
        /// Nothing: it may be an object with any fields.
        case anything
        /// A text or a number: no field stands below it.
        case value
        /// A text, and never a number.
        case text
        /// A number, and hardly ever a text.
        case number
        /// True or false, as JSON or as a text.
        case boolean
        /// One of these texts, and never another one.
        case oneOf([String])
        /// One of these texts as far as is known; others may come.
        case usually([String])
        /// An object with these fields and no others.
        case object([EventField])
        /// A list, and what each of its elements is.
        case list(Content)
    }

    /// The key.
    public var key: String
    /// What is known of the value.
    public var content: Content

    /// States a field.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - content: What is known of the value.
    public init(_ key: String, _ content: Content = .value) {
        self.key = key
        self.content = content
    }
}

/// A mistake in a pipeline file or an option, in the words the user will read.
public struct Diagnostic: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// The pipeline cannot run.
        case error
        /// It can, but likely not as meant.
        case warning
    }

    /// How much it matters.
    public var severity: Severity
    /// What is wrong: lower case, no full stop, the user's own text in single quotes.
    public var message: String
    /// Where it is; nil for what has no place in the file.
    public var span: SourceSpan?
    /// What stands beside the caret, for example `did you mean 'path'?`.
    public var label: String?
    /// Further lines: what was expected, and what to do next.
    public var notes: [String]
    /// True for an error that says nothing of what the user wrote: the machine has run out of something, or a disk fails.
    package var isMachineFault = false

    /// States a mistake.
    ///
    /// - Parameters:
    ///   - message: What is wrong.
    ///   - severity: How much it matters.
    ///   - span: Where.
    ///   - label: What stands beside the caret.
    ///   - notes: Further lines.
    public init(
        _ message: String,
        severity: Severity = .error,
        at span: SourceSpan? = nil,
        label: String? = nil,
        notes: [String] = []
    ) {
        self.severity = severity
        self.message = message
        self.span = span
        self.label = label
        self.notes = notes
    }
}

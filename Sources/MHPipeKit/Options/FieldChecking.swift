/// A value of an option that says where it names fields and what it takes them for, so that the check of pipelines can
/// compare that with the fields that events have.
package protocol FieldChecking: OptionValue {
    /// The fields that it reads, each once.
    var fields: [FieldPath] { get }
    var writtenFields: [WrittenField] { get }
    var fieldUses: [FieldUsage] { get }
}

package struct WrittenField: Sendable {
    package let path: FieldPath
    package let span: SourceSpan?
    package let keySpans: [SourceSpan]

    package init(_ path: FieldPath, span: SourceSpan?, keySpans: [SourceSpan]) {
        self.path = path
        self.span = span
        self.keySpans = keySpans
    }
}

/// What a field is taken for at one place.
package struct FieldUsage: Sendable {
    package enum Use: Sendable {
        /// Something that is true or false by itself.
        case condition
        /// A text; of a comparison with that text, and with `isOrdering` of one by order.
        case comparedText(String, isOrdering: Bool)
        /// A text that it stands behind (`>`) or not behind (`<=`): what begins with the text counts as behind.
        case comparedEnd(String)
        /// A text that it is to begin with, end with, or contain.
        case searchedText(String)
        /// A number that it is compared with.
        case comparedNumber
        /// `true` or `false`, which it is compared with.
        case comparedFlag(Bool)
        /// A list, by an operator or a function.
        case list(user: String)
        /// A text, by a function.
        case text(user: String)
        /// Something that may not be there.
        case presence
        /// Something whose absence makes a test come true.
        case negation
    }

    package let path: FieldPath
    package let use: Use
    /// Where the field is written.
    package let span: SourceSpan?
    /// The constant that it is compared with, as it is written, and where.
    package let constant: String?
    package let constantSpan: SourceSpan?

    package init(
        _ path: FieldPath,
        _ use: Use,
        span: SourceSpan?,
        constant: String? = nil,
        constantSpan: SourceSpan? = nil
    ) {
        self.path = path
        self.use = use
        self.span = span
        self.constant = constant
        self.constantSpan = constantSpan
    }
}

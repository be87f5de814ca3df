/// What is wrong with the text of a condition, and where.
struct ConditionMistake: Error, Hashable {
    /// What is wrong, phrased to follow the option's name: `compares a text with a number`.
    var message: String
    /// The bytes of the text that it is about.
    var range: Range<Int>
    /// What stands beside the caret.
    var label: String?

    init(_ message: String, at range: Range<Int>, label: String? = nil) {
        self.message = message
        self.range = range
        self.label = label
    }
}

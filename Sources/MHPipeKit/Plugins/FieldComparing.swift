/// A plugin that compares a field with texts of its options, so that texts which the field cannot have are found.
package protocol FieldComparing: Plugin {
    /// The comparisons that an instance with these options makes.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The comparisons.
    static func comparisons(_ options: Options) -> [FieldComparison]
}

/// One field, and what it is compared with.
package struct FieldComparison {
    /// What the field is compared with.
    package enum Test {
        /// Each of these texts.
        case texts([String])
        /// Some condition, such as a pattern.
        case condition((String) -> Bool)
    }

    package let field: FieldPath
    /// The key of the option that holds the texts.
    package let option: String
    package let test: Test

    package init(_ field: FieldPath, option: String, _ test: Test) {
        self.field = field
        self.option = option
        self.test = test
    }
}

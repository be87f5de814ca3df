/// A plugin that compares fields with texts of its options, or takes conditions, so that what a field cannot be is found.
package protocol FieldComparing: Plugin {
    /// The comparisons that an instance with these options makes.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The comparisons.
    static func comparisons(_ options: Options) -> [FieldComparison]

    /// The values of the options that say themselves what they take fields for, such as conditions.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The values.
    static func fieldChecks(_ options: Options) -> [any FieldChecking]
}

extension FieldComparing {
    /// None, unless the plugin says otherwise.
    package static func comparisons(_ options: Options) -> [FieldComparison] { [] }

    /// None, unless the plugin says otherwise.
    package static func fieldChecks(_ options: Options) -> [any FieldChecking] { [] }
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

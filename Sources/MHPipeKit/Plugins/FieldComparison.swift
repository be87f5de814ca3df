/// One field, and what it is compared with.
package struct FieldComparison {
    /// What the field is compared with.
    package enum Test {
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

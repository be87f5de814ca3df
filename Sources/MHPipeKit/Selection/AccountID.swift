/// The id of an AWS account, as an option.
package struct AccountID: OptionValue, Hashable {
    /// The 12 digits.
    package let text: String

    package static var typeName: String { "an account id of 12 digits" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs an account id of 12 digits, not \(node.kindName)") }
        guard Self.isSound(text.utf8) else {
            let digits = text.filter(\.isNumber)
            let isNumber = !text.isEmpty && digits == text
            throw OptionError(
                "needs an account id of 12 digits, not '\(text)'" + (isNumber ? ", which has \(text.count)" : ""),
                label: Self.label(text, digits),
                at: text
            )
        }
        self.text = text
    }

    package var optionText: String { text }

    static func isSound(_ text: some Collection<UInt8>) -> Bool {
        text.count == 12 && text.allSatisfy { $0 &- 0x30 < 10 }
    }

    private static func label(_ text: String, _ digits: String) -> String? {
        if digits.count == 12 { return "did you mean '\(digits)'?" }
        guard digits == text, (9..<12).contains(digits.count) else { return nil }
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        return "a digit is missing; if it is a zero in front, write '\(padded)'"
    }
}

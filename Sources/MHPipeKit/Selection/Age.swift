/// A length of time in one unit, such as `30d`, as an option.
package struct Age: OptionValue, Hashable {
    package let duration: Duration
    package let optionText: String

    package static var typeName: String { "a length of time such as 30d, 12h or 90m" }

    /// Reads whole seconds, minutes, hours, days or weeks; nil for anything else.
    package init?(_ text: String) {
        guard let unit = text.last, let seconds = Self.units[unit], text.utf8.count <= 10,
            text.utf8.dropLast().allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(text.dropLast())
        else { return nil }
        duration = .seconds(number * seconds)
        optionText = text
    }

    /// The length in seconds.
    package var seconds: Int { Int(duration.components.seconds) }

    package init(seconds: Int) {
        duration = .seconds(seconds)
        optionText = "\(seconds)s"
    }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let age = node.text.flatMap({ Age($0) }) else {
            throw OptionError("needs a length of time such as 30d, 12h or 90m, not \(node.shown)")
        }
        self = age
    }

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
}

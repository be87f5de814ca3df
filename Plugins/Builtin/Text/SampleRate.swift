import MHPipeKit

/// A part of all: `0.01`, `1/100` or `1%`, by its exact value.
struct SampleRate: OptionValue, Hashable {
    private let text: String
    /// Of all numbers of 64 bits, those below are taken; nil for all of them.
    let bound: UInt64?

    static var typeName: String { "a part such as 0.01, 1/100 or 1%" }

    /// All.
    init() {
        text = "1"
        bound = nil
    }

    init(config node: ConfigNode) throws(OptionError) {
        let text = node.text ?? ""
        guard let (part, whole) = Self.fraction(text) else {
            throw OptionError("needs a part such as 0.01, 1/100 or 1%, not \(node.shown)")
        }
        guard part > 0, part <= whole else {
            throw OptionError("needs a part that is more than 0 and at most 1, not \(node.shown)")
        }
        self.text = text
        // Of two numbers below 2⁶⁴, what the first one times 2⁶⁴ holds of the second fits.
        bound = part == whole ? nil : UInt64((UInt128(part) << 64) / UInt128(whole))
    }

    var optionText: String { text }

    private static func fraction(_ text: String) -> (part: UInt64, whole: UInt64)? {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        if sides.count == 2 {
            guard let part = number(sides[0]), let whole = number(sides[1]), whole > 0 else { return nil }
            return (part, whole)
        }
        let isPercent = text.last == "%"
        let digits = (isPercent ? text.dropLast() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard digits.count <= 2, let whole = number(digits[0]) else { return nil }
        let rest = digits.count == 2 ? digits[1] : ""
        guard digits.count == 1 || number(rest) != nil, rest.utf8.count <= 15, whole <= 100 else { return nil }
        let scale = (0..<rest.utf8.count).reduce(UInt64(1)) { power, _ in power * 10 }
        return (whole * scale + (number(rest) ?? 0), scale * (isPercent ? 100 : 1))
    }

    private static func number(_ text: Substring) -> UInt64? {
        text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? UInt64(text) : nil
    }
}

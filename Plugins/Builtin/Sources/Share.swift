import MHPipeKit

/// A part of a whole, written as `1%`, `0.5%` or `0.01`.
struct Share: OptionValue, Hashable {
    /// The part in millionths, so that counting with it is exact.
    var millionths: Int

    static var typeName: String { "a share such as 1%" }

    init(millionths: Int) {
        self.millionths = millionths
    }

    init(config node: ConfigNode) throws(OptionError) {
        let text = node.text ?? ""
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? text.dropLast() : text[...]
        let whole = isPercent ? 10_000.0 : 1_000_000.0
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), let number = Double(digits),
            number * whole <= 1_000_000
        else { throw OptionError("needs a share from 0% to 100%, such as 1%, not \(node.shown)") }
        millionths = Int((number * whole).rounded())
    }

    var optionText: String {
        let (percent, rest) = millionths.quotientAndRemainder(dividingBy: 10_000)
        guard rest > 0 else { return "\(percent)%" }
        let fraction = String(String(rest + 10_000).dropFirst())
        return "\(percent).\(fraction.prefix(through: fraction.lastIndex { $0 != "0" } ?? fraction.startIndex))%"
    }
}

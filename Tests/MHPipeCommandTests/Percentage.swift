import MHPipeKit

/// A share of all events, written as a percentage.
struct Percentage: OptionValue {
    static let typeName = "a percentage such as 5%"

    let percent: Int

    init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text, text.hasSuffix("%"), let percent = Int(text.dropLast()), 0...100 ~= percent else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
        self.percent = percent
    }

    var optionText: String { "\(percent)%" }
}

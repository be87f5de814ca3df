import MHPipeKit

/// Values with commas between them, as one argument.
struct CommaList<Element: OptionValue>: OptionValue {
    let elements: [Element]

    static var typeName: String { "\(Element.typeName), or several with commas between them" }

    init(config node: ConfigNode) throws(OptionError) {
        var elements: [Element] = []
        for part in (node.text ?? "").split(separator: ",", omittingEmptySubsequences: false) {
            elements.append(try Element(config: ConfigNode(.text(part.trimmed))))
        }
        self.elements = elements
    }

    var optionText: String { elements.map(\.optionText).joined(separator: ",") }
}

extension Substring {
    /// Without the spaces around it.
    var trimmed: String {
        var bytes = utf8
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(Substring(bytes))
    }
}

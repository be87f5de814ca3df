import MHPipeKit

/// What stands between the cells of a line of CSV, by its name or as it is.
enum CSVDelimiter: String, OptionChoice {
    case comma
    /// What spreadsheets take where a number has a comma for its point.
    case semicolon
    case tab

    init(config node: ConfigNode) throws(OptionError) {
        guard let value = Self.allCases.first(where: { [$0.rawValue, $0.sign].contains(node.text) }) else {
            throw OptionError("needs \(Self.typeName), or the sign itself, not \(node.shown)")
        }
        self = value
    }

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: 0x09
        }
    }

    /// The byte as a text.
    var sign: String { String(decoding: [byte], as: UTF8.self) }
}

import MHPipeKit

/// Up to when events of a queue's files are read: a time, or `empty` for all that is there.
enum QueueEnd: OptionValue, Hashable {
    case empty
    case time(TimeBound)

    static var typeName: String { "empty, or \(TimeBound.typeName)" }

    init(config node: ConfigNode) throws(OptionError) {
        guard node.text != "empty" else {
            self = .empty
            return
        }
        do {
            self = .time(try TimeBound(config: node))
        } catch {
            throw OptionError("\(error.message), or empty")
        }
    }

    var optionText: String {
        switch self {
        case .empty: "empty"
        case .time(let bound): bound.optionText
        }
    }
}

import MHPipeKit

/// Whether a folder is followed, and how.
enum WatchMode: Hashable, OptionValue {
    /// It is read once.
    case no
    /// As the system tells of it, where it does; else by looking now and then.
    case yes
    /// By looking now and then.
    case poll

    static var typeName: String { "true, false or poll" }

    init(config node: ConfigNode) throws(OptionError) {
        switch node.text {
        case "true": self = .yes
        case "false": self = .no
        case "poll": self = .poll
        default: throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
    }

    var optionText: String {
        switch self {
        case .no: "false"
        case .yes: "true"
        case .poll: "poll"
        }
    }
}

import MHPipeKit

/// A program and its arguments, with the places where they were written.
struct ExecCommand: OptionValue {
    var words: [String] = []
    private(set) var spans: [SourceSpan?] = []

    static var typeName: String { [String].typeName }

    init() {}

    init(config node: ConfigNode) throws(OptionError) {
        words = try [String](config: node)
        spans = (node.elements ?? [node]).map(\.span)
    }

    var optionText: String { words.optionText }
}

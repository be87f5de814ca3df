import MHPipeKit

/// What an option says of columns: the path of a field, or `default` for all that are written where nobody chooses.
struct ColumnChoice: OptionValue, Hashable {
    let path: FieldPath

    /// The default ones; no record of CloudTrail has a field of that name.
    static let defaults = ColumnChoice(path: FieldPath("default"))

    /// The default ones by their names, as reference pages show them.
    static let usual = OutputColumn.paths.map(ColumnChoice.init)

    static let typeName = "a field path or default"

    init(path: FieldPath) {
        self.path = path
    }

    init(config node: ConfigNode) throws(OptionError) {
        path = try FieldPath(config: node)
    }

    var optionText: String { path.text }

    var fieldPaths: [FieldPath] { self == Self.defaults ? [] : [path] }
}

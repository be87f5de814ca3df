/// The path of a file that is written, or a template of many: `lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl.gz`.
///
/// A field path in braces stands for what an event has there, and with a format behind a colon for a time, in UTC (`%Y`,
/// `%m`, `%d`, `%H`, `%M`, `%S`). Braces that are meant are doubled. Where an event has no such field, or an empty one,
/// `_none` stands in its place.
///
/// What a field holds is a part of a name and never leads anywhere: all but ASCII letters, digits and `-_.+=@,` is written as
/// `%` and two hexadecimal digits, as are a full stop and `_` in the first place; what is long is cut and gets a hash. So
/// every file lies below the `folder`, and two values have two names.
public struct PathTemplate: PathOption {
    /// What is put together to a path.
    enum Piece: Hashable {
        case literal([UInt8])
        /// The text of a field, of which so many bytes are used.
        case text(field: Int, limit: Int)
        case time(field: Int, TimeFormat)
    }

    /// The template, as written.
    public let path: String
    /// The folder that all files lie below: what stands before the first name with a field in it.
    public let folder: String
    /// The fields that the path depends on; none for the path of one file.
    public let fieldPaths: [FieldPath]
    /// The path of the one file that is meant where no field is named; nil for a template of many.
    public let file: String?
    /// What follows the folder.
    let pieces: [Piece]

    /// Reads a template.
    ///
    /// - Parameter text: The template; `-` is standard output.
    /// - Throws: `OptionError` when it is none.
    public init(parsing text: String) throws(OptionError) {
        try self.init(text, in: nil)
    }

    private init(_ text: String, in node: ConfigNode?) throws(OptionError) {
        var parser = PathTemplateParser(text, in: node)
        try parser.parse()
        path = text
        (folder, fieldPaths, file, pieces) = (parser.folder, parser.fields, parser.file, parser.pieces)
    }

    /// States a template.
    ///
    /// - Parameter value: The template; one that cannot be read stops the program.
    public init(stringLiteral value: String) {
        do {
            try self.init(parsing: value)
        } catch {
            preconditionFailure("'\(value)' \(error.message)")
        }
    }

    /// Reads a template out of a pipeline.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` when it is none.
    public init(config node: ConfigNode) throws(OptionError) {
        try self.init(OutputPath(config: node).path, in: node)
    }

    /// Says which files are written.
    public var pathUses: [PathUse] { path.isEmpty ? [] : [file.map(PathUse.output) ?? .outputFiles(self)] }

    /// The numbers of the fields that are to be times, each once.
    var timeFields: [Int] {
        var fields: [Int] = []
        for case .time(let field, _) in pieces where !fields.contains(field) { fields.append(field) }
        return fields
    }

    /// The time that a field holds; nil for anything else.
    static func time(_ values: borrowing FieldValues, _ field: Int) -> Timestamp? {
        values.kind(field) == .string ? values.withText(field) { Timestamp(rfc3339: $0) } : nil
    }

    /// Appends the path of an event's file below the folder.
    ///
    /// - Parameters:
    ///   - values: Those of `fieldPaths`.
    ///   - path: What it is appended to.
    func append(_ values: borrowing FieldValues, to path: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .literal(let bytes): path += bytes
            case .text(let field, let limit):
                if values.isAbsent(field) {
                    path += PathName.none
                } else {
                    values.withText(field) { PathName.append($0, limit: limit, to: &path) }
                }
            case .time(let field, let format):
                guard let time = Self.time(values, field) else {
                    path += PathName.none
                    continue
                }
                format.append(time, to: &path)
            }
        }
    }
}

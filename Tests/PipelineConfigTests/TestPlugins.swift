import MHPipeKit

/// A registry of plugins that do nothing, for tests of the check.
enum TestPlugins {
    static let registry = PluginRegistry(
        sources: [FolderSource.self, FilesSource.self],
        transforms: [KeepTransform.self, NameTransform.self],
        sinks: [LinesSink.self, TableSink.self]
    )
}

struct FolderSource: ListedSource {
    static let name = "folder"
    static let summary = "Reads a folder."

    struct Options: PluginOptions {
        var path: InputTree = ""
        var include: [String] = ["**/*.json"]

        static let all: [Option<Options>] = [
            .required("path", \.path, "The folder.", example: "./AWSLogs"),
            .optional("include", \.include, "Which files to read."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] { [] }
}

struct FilesSource: ListedSource {
    static let name = "files"
    static let summary = "Reads files."

    struct Options: PluginOptions {
        var paths: [InputPath] = []

        static let all: [Option<Options>] = [
            .required("paths", \.paths, "The files.", example: "[a.json]")
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] { [] }
}

struct KeepTransform: Transform {
    static let name = "keep"
    static let summary = "Keeps events whose field has a value."

    struct Options: PluginOptions {
        var field: FieldPath?
        var equals: String?
        var matches: String?
        var not = false

        static let all: [Option<Options>] = [
            .required("field", \.field, "The field to compare.", example: "eventName"),
            .optional("equals", \.equals, "The value."),
            .optional("matches", \.matches, "A regular expression."),
            .optional("not", \.not, "Keep the events that do not match."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) throws {
        guard options.equals != nil || options.matches != nil else { throw OptionError("needs 'equals' or 'matches'") }
        guard let pattern = options.matches, pattern.hasSuffix("(") else { return }
        throw OptionError(option: "matches", "is no regular expression: a ')' is missing")
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        guard options.field?.text == "eventSource", options.equals == "mgh.amazonaws.com", !options.not else {
            return []
        }
        return [
            OptionWarning(
                option: "equals",
                "this keeps nothing: no event has the eventSource 'mgh.amazonaws.com'",
                notes: ["the eventSource of Migration Hub is migrationhub.amazonaws.com"]
            )
        ]
    }

    func process(_ batch: EventBatch) {}
}

struct NameTransform: Transform {
    static let name = "add_names"
    static let summary = "Adds names."

    init(_ options: NoOptions, _ context: PluginContext) {}

    func process(_ batch: EventBatch) {}
}

struct LinesSink: FormatSink {
    static let name = "jsonl"
    static let summary = "Writes JSON lines."
    static let format = FileFormat.jsonLines

    enum Mode: String, OptionChoice {
        case plain
        case pretty
    }

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var mode = Mode.plain

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file.", example: "events.jsonl"),
            .optional("mode", \.mode, "How it looks."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    func open() {}
    func write(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func finish() {}
    func commit() {}
    func abort() {}
}

struct TableSink: Sink {
    static let name = "table"
    static let summary = "Writes a table."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var rows = 1000

        static let all: [Option<Options>] = [
            .required("path", \.path, "The database file; created when missing.", example: "events.db"),
            .optional("rows", \.rows, "Records written per transaction."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    func open() {}
    func write(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func finish() {}
    func commit() {}
    func abort() {}
}

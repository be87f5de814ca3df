import MHPipeKit

/// Reads the files of an archive, and opens none in which no event can be that is asked for.
struct ArchiveSource: ListedSource, SelectingSource {
    static let name = "archive"
    static let summary = "Reads the files of an archive."

    struct Options: SelectingOptions {
        var files: [String] = []
        var selection = SelectionOptions()

        static let all: [Option<Options>] =
            [.required("files", \.files, "The keys of the files.", example: "[AWSLogs/a.json]")] + selecting
    }

    private let files: [String]
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws {
        files = options.files
        selection = try options.selection.selection(context)
    }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }

    func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
        files.map { ArchivedFile(name: $0, facts: UnitFacts(cloudTrailKey: $0)) }
            .filter { selection?.mayHold($0.facts) ?? true }
    }
}

import MHPipeKit

/// Gives records that a command was handed, in the place of a source of a pipeline, whose selection holds here as well.
struct GivenRecords: SelectingSource, ListedSource {
    static let name = "given"
    static let summary = "Gives records that a command was handed."

    struct Options: PluginOptions {
        static let all: [Option<Options>] = []
    }

    let selection: EventSelection?
    private let given: [GivenText]

    init(_ options: Options, _ context: PluginContext) {
        (selection, given) = (nil, [])
    }

    /// - Parameters:
    ///   - texts: What is read; nothing where another source of the pipeline is asked.
    ///   - place: The source whose place it takes.
    init(_ texts: [GivenText], in place: any Source) {
        selection = (place as? any SelectingSource)?.selection
        given = texts
    }

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] { given }
}

/// Records in any form that a file may have them in, under a name.
struct GivenText: SourceUnit {
    let name: String
    let bytes: [UInt8]

    var size: Int? { bytes.count }

    /// True for an empty array, and a file of CloudTrail without records: whoever writes these means no events.
    var isPlainlyEmpty: Bool {
        guard let value = JSONValue(parsing: bytes) else { return false }
        let records = value.kind == .array ? value : value["Records"]
        return records?.kind == .array && records?.elements.isEmpty == true
    }

    func open() -> any ByteStream { BytesStream(bytes) }
}

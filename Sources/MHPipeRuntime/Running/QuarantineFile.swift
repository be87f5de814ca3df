import MHPipeIO
import MHPipeKit

/// The sink that keeps what could not be read: a JSON line for each problem, with the bytes that were lost.
///
/// The file appears when the run commits, also when there was no problem.
struct QuarantineFile: ResumableSink {
    static let name = "quarantine"
    static let summary = "Keeps what could not be read as JSON lines."

    struct Options: PluginOptions {
        var path: OutputPath = ""

        static let all: [Option<Options>] = [.required("path", \.path, "The file.", example: "bad.jsonl")]
    }

    private let path: String
    private let warn: @Sendable (String) -> Void
    private var file: FileOutput
    private var hasReader = true

    /// More bytes than this of one loss are not kept; the line says so.
    static let mostRaw = 1 << 20

    init(_ options: Options, _ context: PluginContext) {
        path = options.path.path
        warn = context.warn
        file = FileOutput(options.path, context)
    }

    mutating func open() throws { try file.open() }

    mutating func open(_ start: SinkStart) throws { try file.open(start) }

    mutating func write(_ lines: UnsafeBufferPointer<UInt8>) throws {
        guard hasReader else { return }
        do {
            try unsafe file.write(lines)
        } catch let error as StageError where error.isClosedPipe {
            // As with a sink, the run goes on; but what is lost from here on is lost twice, so that is said.
            file.abort()
            hasReader = false
            warn("the reader of '\(path)' went away; what cannot be read from here on is named, but not kept")
        }
    }

    mutating func checkpoint() throws -> Checkpoint { try file.checkpoint() }

    mutating func suspend() { file.suspend() }

    mutating func finish() throws { try file.finish() }

    mutating func commit() throws { try file.commit() }

    mutating func abort() { file.abort() }

    /// Appends the line for a problem.
    ///
    /// The bytes are in `raw` as text when they are UTF-8, and in `rawBase64` when they are not.
    static func append(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        func put(_ key: String, _ text: some Sequence<UInt8>) {
            output.append(",\"\(key)\":\"")
            var escaped: [UInt8] = []
            JSONText.escape(text, into: &escaped)
            output.append(escaped)
            output.append(UInt8(ascii: "\""))
        }
        output.append("{\"scope\":\"\(problem.scope.rawValue)\"")
        put("file", problem.file.utf8)
        if let record = problem.record { output.append(",\"record\":\(record)") }
        if let offset = problem.offset { output.append(",\"offset\":\(offset)") }
        put("reason", problem.reason.utf8)
        let kept = unsafe UnsafeBufferPointer(rebasing: raw.prefix(mostRaw))
        if !kept.isEmpty {
            if unsafe ScalarIndexer.invalidUTF8(kept).isEmpty {
                unsafe put("raw", kept)
            } else {
                unsafe put("rawBase64", Base64.encode(kept))
            }
        }
        if kept.count < raw.count { output.append(",\"rawBytes\":\(raw.count)") }
        output.append("}\n")
    }
}

import MHPipeKit

/// Writes every event as a line of JSON: the record as it came, with what transforms added before its last brace.
///
/// A path that ends in `.gz` is compressed, one gzip member for each input file that gave events, so that the
/// workers compress side by side and the bytes do not depend on their number. An output without events is an empty
/// file, or a gzip file that holds nothing.
struct JSONLinesSink: Sink {
    static let name = "jsonl"
    static let summary = "Writes events as JSON lines."

    struct Options: PluginOptions {
        var path: OutputPath = ""

        static let all: [Option<Options>] = [
            .required(
                "path",
                \.path,
                "The file to write; a name that ends in .gz is compressed, and - is standard output.",
                example: "audit.jsonl.gz"
            )
        ]
    }

    private let isCompressed: Bool
    private var output: SinkOutput
    private var isEmpty = true

    init(_ options: Options, _ context: PluginContext) {
        isCompressed = options.path.path.lowercased().hasSuffix(".gz")
        output = SinkOutput(options.path.path)
    }

    func makeEncoder() -> Encoder { Encoder(isCompressed: isCompressed) }

    mutating func open() throws {
        try output.open()
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        if !bytes.isEmpty { isEmpty = false }
        try output.write(bytes)
    }

    mutating func finish() throws {
        if isCompressed, isEmpty {
            let member = OutputBuffer()
            GzipMember().appendEmpty(to: member)
            try output.write(member.bytes)
        }
        try output.finish()
    }

    mutating func commit() throws {
        try output.commit()
    }

    mutating func abort() {
        output.abort()
    }

    /// Makes lines of batches, and a gzip member of the lines of each unit of work.
    struct Encoder: EventEncoder {
        private let lines = JSONLines()
        private let member: GzipMember?
        /// The lines of one batch, before they are compressed.
        private let plain = OutputBuffer()

        init(isCompressed: Bool) {
            member = isCompressed ? GzipMember() : nil
        }

        func encode(_ batch: EventBatch, into output: OutputBuffer) {
            guard let member else { return lines.append(batch, to: output) }
            plain.removeAll()
            lines.append(batch, to: plain)
            member.append(plain.bytes, to: output)
        }

        func finishUnit(into output: OutputBuffer) {
            member?.end(into: output)
        }
    }
}

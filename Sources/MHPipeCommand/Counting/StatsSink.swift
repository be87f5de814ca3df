import MHPipeKit

/// Counts what is in a trail, and writes the counts to standard output when all of it was read.
struct StatsSink: Sink {
    static let name = "stats"
    static let summary = "Counts what is in a trail."

    struct Options: PluginOptions {
        static let all: [Option<Options>] = []
    }

    private var counts = TrailCounts()
    private var output = FileOutput("-")
    private let text: @Sendable (TrailCounts) throws -> String
    private var isFinished = false

    init(_ options: Options, _ context: PluginContext) {
        text = { try StatsDocument($0, top: StatsCommand.usualTop).json }
    }

    /// - Parameter text: What is written of the counts.
    init(_ text: @escaping @Sendable (TrailCounts) throws -> String) {
        self.text = text
    }

    func makeEncoder() -> ValuesEncoder { ValuesEncoder() }

    mutating func open() throws { try output.open() }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var values: [String?] = []
        var start = 0
        for place in bytes.indices where unsafe bytes[place] < 2 {
            let isThere = unsafe bytes[place] == ValuesEncoder.present
            let value = unsafe String(decoding: bytes[start..<place], as: UTF8.self)
            values.append(isThere ? value : nil)
            start = place + 1
            guard values.count == TrailFacet.allCases.count else { continue }
            counts.count(values)
            values.removeAll(keepingCapacity: true)
        }
    }

    mutating func finish() throws {
        guard !isFinished else { return }
        try output.write(try text(counts))
        try output.finish()
        isFinished = true
    }

    mutating func commit() throws { try output.commit() }

    mutating func abort() { output.abort() }
}

/// Writes the values of the facets of each event, each with a byte behind it that says whether there is one.
struct ValuesEncoder: EventEncoder {
    static let missing: UInt8 = 0
    static let present: UInt8 = 1

    private let fields = FieldSet(TrailFacet.allCases.map(\.path))

    func encode(_ batch: EventBatch, into output: OutputBuffer) {
        batch.forEach(fields) { event in
            for facet in TrailFacet.allCases {
                let value = facet.value(event)
                // The two bytes that stand behind values are in none.
                for byte in (value ?? "").utf8 { output.append(byte < 2 ? UInt8(ascii: "?") : byte) }
                output.append(value == nil ? Self.missing : Self.present)
            }
        }
    }
}

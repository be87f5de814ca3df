import MHPipeKit

/// Stands in the place of a sink of a pipeline, and opens and writes nothing.
struct ProbeSink: Sink {
    static let name = "probe"
    static let summary = "Takes events, and writes nothing."

    struct Options: PluginOptions {
        static let all: [Option<Options>] = []
    }

    init(_ options: Options, _ context: PluginContext) {}

    init() {}

    /// Takes the place of a sink, and has that asked what it would write.
    ///
    /// - Parameters:
    ///   - sink: The sink.
    ///   - number: Its number in the plan.
    ///   - log: What asks.
    init(for sink: any Sink, _ number: Int, _ log: TraceLog) {
        if let sink = sink as? any ViewingSink { log.view(sink, number) }
    }

    func makeEncoder() -> NothingEncoder { NothingEncoder() }

    mutating func open() {}
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {}
    mutating func finish() {}
    mutating func commit() {}
    mutating func abort() {}
}

/// Makes no bytes of events.
struct NothingEncoder: EventEncoder {
    func encode(_ batch: EventBatch, into output: OutputBuffer) {}
}

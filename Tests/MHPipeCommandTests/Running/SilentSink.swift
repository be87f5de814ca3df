import MHPipeKit

/// Takes events and drops them; it may say where it would write.
struct SilentSink: Sink {
    static let name = "silent"
    static let summary = "Drops what it is given."

    struct Options: PluginOptions {
        var path: OutputPath?

        static let all: [Option<Options>] = [.optional("path", \.path, "Where it would write.")]
    }

    init(_ options: Options, _ context: PluginContext) {}

    mutating func open() {}
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {}
    mutating func finish() {}
    mutating func commit() {}
    mutating func abort() {}
}

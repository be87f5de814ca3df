import MHPipeKit
import Synchronization

/// Keeps the JSON lines that it is given.
struct CollectingSink: Sink {
    static let name = "collecting"
    static let summary = "Keeps the JSON lines that it is given."

    struct Options: PluginOptions {
        var output: CollectedOutput

        init() { output = CollectedOutput() }
        init(_ output: CollectedOutput) { self.output = output }

        static let all: [Option<Options>] = []
    }

    private let output: CollectedOutput

    init(_ options: Options, _ context: PluginContext) {
        output = options.output
    }

    mutating func open() {}
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe output.append(bytes) }
    mutating func finish() {}
    mutating func commit() {}
    mutating func abort() {}
}

/// What a `CollectingSink` was given.
final class CollectedOutput: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let whenWritten: @Sendable () -> Void

    /// - Parameter whenWritten: Called at each write, on the sink's queue.
    init(whenWritten: @escaping @Sendable () -> Void = {}) {
        self.whenWritten = whenWritten
    }

    func append(_ more: UnsafeBufferPointer<UInt8>) {
        bytes.withLock { unsafe $0 += more }
        whenWritten()
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}

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
    mutating func commit() { output.commit() }
    mutating func abort() {}
}

/// What a `CollectingSink` was given.
final class CollectedOutput: Sendable {
    private let bytes = Locked<[UInt8]>([])
    private let isCommitted = Atomic(false)
    private let whenWritten: @Sendable () -> Void

    /// - Parameter whenWritten: Called at each write, on the sink's queue.
    init(whenWritten: @escaping @Sendable () -> Void = {}) {
        self.whenWritten = whenWritten
    }

    func append(_ more: UnsafeBufferPointer<UInt8>) {
        bytes.withLock { unsafe $0 += more }
        whenWritten()
    }

    func commit() { isCommitted.store(true, ordering: .releasing) }

    /// The lines in the order of their bytes; none when the run was not committed.
    var committedLines: [Substring] {
        isCommitted.load(ordering: .acquiring) ? text.split(separator: "\n").sorted() : []
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}

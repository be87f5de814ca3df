import MHPipeKit
import MHPipePlan
import MHPipeTestSupport

@testable import MHPipeRuntime

/// What a unit reader makes of some bytes.
struct Reading: Equatable {
    /// The records, as JSON lines would write them.
    var records: [String] = []
    /// For each record, its number.
    var numbers: [Int] = []
    /// The problems, on a line each.
    var problems: [String] = []
    /// What each problem lost.
    var lost: [String] = []
    var housekeeping = 0
    /// How many records were dropped by their source.
    var dropped = 0

    /// Reads a text.
    init(_ text: String, window: Int = 1 << 20, settings: RunSettings = RunSettings()) throws {
        try self.init(bytes: Array(text.utf8), window: window, settings: settings)
    }

    /// Reads bytes.
    init(bytes: [UInt8], window: Int = 1 << 20, settings: RunSettings = RunSettings()) throws {
        self = try Reader(window: window, settings: settings).read(bytes)
    }

    private init() {}

    /// A unit reader that is used for one text after the other, as a worker does.
    final class Reader {
        private let collector = Collector()
        private let reader: UnitReader
        private let drops: EarlyDrops?

        /// - Parameters:
        ///   - window: The text that is indexed at a time.
        ///   - settings: The limits.
        ///   - indexing: How it is indexed.
        ///   - proof: By which records are proven that are dropped.
        ///   - dropped: The `eventSource` of records that are dropped.
        ///   - copies: True where nothing is dropped, and nobody looks at what is in a record.
        /// - Throws: When there is no memory.
        init(
            window: Int = 1 << 20,
            settings: RunSettings = RunSettings(),
            indexing: WindowIndexer.Way = .usual,
            proof: ObjectProof? = nil,
            dropped: [String] = [],
            copies: Bool = false
        ) throws {
            let context = ReadingContext(settings: settings, windowBytes: window, indexing: indexing, proof: proof)
            collector.dropped = dropped
            let sources = Set(dropped)
            let test = FieldTest(.eventSource) { value in
                value.text.map { sources.contains(String(decoding: $0, as: UTF8.self)) } ?? false
            }
            drops = EarlyDrops(copies ? [] : [[test]], copies: copies)
            reader = try UnitReader(consumer: collector, context: context) { _ in }
        }

        func read(_ bytes: [UInt8], stretch: Int = .max, hasSize: Bool = true) throws -> Reading {
            collector.reading = Reading()
            let unit = MemoryUnit("f", bytes, stretch: stretch, hasSize: hasSize)
            collector.batchBytes = []
            bytesRead = try reader.read(unit, from: "test", drops: { drops }, isStopped: { false }).bytesRead
            return collector.reading
        }

        /// How much of the last text was read, as it is stored.
        private(set) var bytesRead = 0

        /// For each batch of the last text, the bytes of its records.
        var batchBytes: [Int] { collector.batchBytes }
    }

    private final class Collector: DocumentConsumer {
        var reading = Reading()
        var dropped: [String] = []
        var batchBytes: [Int] = []

        func noteDropped(_ count: ProvenRecords.Dropped) {
            reading.dropped += count.all
        }

        func take(_ batch: EventBatch) {
            let taken = batch.count
            if !dropped.isEmpty { batch.keep { !dropped.contains($0[FieldPath("eventSource")]?.string ?? "") } }
            reading.dropped += taken - batch.count
            let output = OutputBuffer()
            var encoder = JSONLinesEncoder()
            encoder.encode(batch, into: output)
            batchBytes.append(output.count)
            let text = String(decoding: output.bytes, as: UTF8.self)
            reading.records += text.split(separator: "\n").map(String.init)
            reading.numbers += batch.map(\.number)
        }

        func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) {
            reading.problems.append(problem.description)
            reading.lost.append(String(decoding: raw, as: UTF8.self))
        }

        func noteHousekeeping() {
            reading.housekeeping += 1
        }
    }
}

import MHPipeKit
import MHPipePlan
import MHPipeTestSupport

@testable import MHPipeRuntime

/// The text of a trail: what is read of it does not depend on the index, the window and the size of reads, and not on
/// whether records that are dropped are indexed or proven.
enum RecordsFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let usual = try read(bytes)
        let scalar = try read(bytes, indexing: .scalar)
        try FuzzFailure.unless(usual == scalar, "the scalar index gives something else")
        let small = try read(bytes, window: 64, stretch: 7)
        try FuzzFailure.unless(usual == small, "a small window gives something else")
        for proof in ObjectProof.forms {
            let proven = try read(bytes, proof: proof)
            try FuzzFailure.unless(usual == proven, "the proof gives something else")
        }
    }

    /// What a unit reader makes of some bytes, of which a stage drops the calls of one service.
    private final class Findings: DocumentConsumer, Equatable {
        static let dropped = "mgh.amazonaws.com"

        private(set) var events: [String] = []
        private(set) var problems: [String] = []
        private var droppedCount = 0
        private var housekeeping = 0

        func take(_ batch: EventBatch) {
            let taken = batch.count
            batch.keep { $0[FieldPath("eventSource")]?.string != Self.dropped }
            droppedCount += taken - batch.count
            events += batch.map { "\($0.number) \($0.json)" }
        }

        func noteDropped(_ count: ProvenRecords.Dropped) { droppedCount += count.all }

        func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) {
            problems.append("\(problem.description) \(String(decoding: raw, as: UTF8.self))")
        }

        func noteHousekeeping() { housekeeping += 1 }

        static func == (left: Findings, right: Findings) -> Bool {
            left.events == right.events && left.problems == right.problems && left.droppedCount == right.droppedCount
                && left.housekeeping == right.housekeeping
        }
    }

    private static func read(
        _ bytes: [UInt8],
        window: Int = 1 << 20,
        stretch: Int = .max,
        indexing: WindowIndexer.Way = .usual,
        proof: ObjectProof? = nil
    ) throws -> Findings {
        let findings = Findings()
        var settings = RunSettings()
        settings.maxFileBytes = 1 << 20
        let context = ReadingContext(settings: settings, windowBytes: window, indexing: indexing, proof: proof)
        let reader = try UnitReader(consumer: findings, context: context) { _ in }
        let unit = MemoryUnit("f", bytes, stretch: stretch, hasSize: stretch == .max)
        let drops = EarlyDrops([
            [FieldTest(.eventSource) { $0.text.map { String(decoding: $0, as: UTF8.self) } == Findings.dropped }]
        ])
        _ = try reader.read(unit, from: "test", drops: { drops }, isStopped: { false })
        return findings
    }
}

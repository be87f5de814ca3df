import MHPipeKit

/// Some problems of one unit, in their order, with their lines for the quarantine file.
///
/// Filled on a worker's queue, then handed as a whole to the problem log's; never used by both at once.
final class ProblemBatch: @unchecked Sendable /* handed over, never shared */ {
    private(set) var problems: [InputProblem] = []
    /// The lines for the quarantine; nil where there is none.
    private var lines: OutputBuffer?
    private var texts = 0

    /// Bytes that are worth handing on, whatever else the worker has at hand.
    static let fullBytes = 64 << 10
    /// What a problem takes in memory beside its texts.
    private static let ownBytes = 128

    /// - Parameter keepsRaw: True when there is a quarantine file.
    init(keepsRaw: Bool) {
        lines = keepsRaw ? OutputBuffer() : nil
    }

    var isEmpty: Bool { problems.isEmpty }

    /// The bytes that the batch takes in memory, about.
    var weight: Int { texts + problems.count * Self.ownBytes + (lines?.count ?? 0) }

    /// The lines for the quarantine, which go there by themselves; nil when there are none.
    func takeLines() -> OutputBuffer? {
        defer { lines = nil }
        return lines?.isEmpty == false ? lines : nil
    }

    /// Adds an event that a stage could not work on.
    func append(_ rejected: StageChain.Rejected) {
        let event = rejected.event
        var problem = InputProblem(
            scope: .record,
            file: event.origin.unit,
            record: event.number,
            reason: "'\(rejected.stage)': \(event.reason)"
        )
        problem.source = event.origin.source
        unsafe event.bytes.withUnsafeBufferPointer { unsafe append(problem, raw: $0) }
    }

    /// Adds a problem, and the bytes that were lost by it, which the quarantine keeps unless they come again.
    func append(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>, isKept: Bool = true) {
        problems.append(problem)
        texts += problem.file.utf8.count + problem.reason.utf8.count
        if isKept, let lines { unsafe QuarantineFile.append(problem, raw: raw, to: lines) }
    }
}

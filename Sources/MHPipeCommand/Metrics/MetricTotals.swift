import MHPipeRuntime

/// What runs of one plan have done, one after the other: the sums of their counts.
struct MetricTotals: Sendable {
    private(set) var report: RunReport?
    private(set) var bytesRead = 0
    private(set) var retriedCalls = 0

    init() {}

    /// - Parameters:
    ///   - live: How a run stands, or stood at its end.
    ///   - report: Its report, where it has ended and gave one.
    init(_ live: LiveRun, _ report: RunReport? = nil) {
        self.report = report ?? live.report
        bytesRead = live.progress.bytesDone
        retriedCalls = live.retriedCalls
    }

    static func + (left: MetricTotals, right: MetricTotals) -> MetricTotals {
        guard var report = left.report else { return right }
        guard let other = right.report else { return left }
        var sum = left
        for count in Self.counts { report[keyPath: count] += other[keyPath: count] }
        for (index, stage) in other.stages.enumerated() where index < report.stages.count {
            for count in Self.stageCounts { report.stages[index][keyPath: count] += stage[keyPath: count] }
        }
        sum.report = report
        sum.bytesRead += right.bytesRead
        sum.retriedCalls += right.retriedCalls
        return sum
    }

    private static var counts: [WritableKeyPath<RunReport, Int>] {
        [
            \.files, \.filesLeftOut, \.otherFiles, \.filesPruned, \.filesDamaged, \.unreadable, \.bytesDecompressed,
            \.eventsIn,
            \.eventsKept, \.eventsQuarantined, \.eventsRejected,
        ]
    }

    private static var stageCounts: [WritableKeyPath<RunReport.Stage, Int>] {
        [
            \.eventsIn, \.eventsOut, \.eventsMade, \.eventsFiltered, \.eventsDuplicate, \.eventsConsumed,
            \.eventsQuarantined, \.bytesOut,
        ]
    }
}

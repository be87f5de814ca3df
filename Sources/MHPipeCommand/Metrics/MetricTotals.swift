import MHPipeRuntime

/// What runs of one plan have done, one after the other: the sums of their counts, but for what they have taken over.
struct MetricTotals: Sendable {
    private(set) var report: RunReport?
    private(set) var bytesRead = 0
    private(set) var retriedCalls = 0

    init() {}

    /// - Parameters:
    ///   - live: How a run stands, or stood at its end.
    ///   - report: Its report, where it has ended and gave one.
    init(_ live: LiveRun, _ report: RunReport? = nil) {
        self.report = (report ?? live.report) - live.before
        bytesRead = live.progress.bytesDone
        retriedCalls = live.retriedCalls
    }

    static func + (left: MetricTotals, right: MetricTotals) -> MetricTotals {
        guard let report = left.report else { return right }
        guard let other = right.report else { return left }
        var sum = left
        sum.report = report + other
        sum.bytesRead += right.bytesRead
        sum.retriedCalls += right.retriedCalls
        return sum
    }
}

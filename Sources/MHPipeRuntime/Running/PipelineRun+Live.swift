import MHPipeKit
import MHPipePlan
import Synchronization

/// What is known of a run while it is at work; nobody waits for it, and it does not wait for anybody.
package struct LiveRun: Sendable {
    /// Encoded bytes that wait for one sink, or another part that takes its turn in the order of the units.
    package struct Queue: Sendable {
        package var name: String
        package var bytes: Int
    }

    /// What was counted of the units whose turn has come; of files, those that were read or could not be opened.
    package var report: RunReport
    /// Of that, what an earlier run has counted that this one goes on with.
    package var before: RunReport
    /// What was read so far, also of units whose turn has not come.
    package var progress: RunProgress
    /// What waits for each sink.
    package var queues: [Queue] = []
    /// What waits for units before it.
    package var heldBytes = 0
    /// How many workers and stages wait until less is waiting.
    package var waiting = 0
    /// Calls that failed, and are made again in a while.
    package var failingCalls = 0
    /// Calls that were made again.
    package var retriedCalls = 0
    /// Units that were handed out and are not done.
    package var unitsInFlight = 0
}

extension PipelineRun {
    /// How the run stands; any thread may ask, at any time.
    package var live: LiveRun {
        var live = LiveRun(
            report: RunReport(plan, totals.withLock { $0 }?.counts ?? StageCounts(plan)),
            before: RunReport(plan, countsBefore.withLock { $0 } ?? StageCounts(plan)),
            progress: progress
        )
        live.report.started = start.withLock { $0?.time.description } ?? ""
        let bytes = budget.queuedBytes
        live.queues = zip(plan.sinks, bytes.queued).map { LiveRun.Queue(name: $0.name, bytes: $1) }
        live.heldBytes = bytes.held
        live.waiting = bytes.waiting
        live.failingCalls = state.retries.failing
        live.retriedCalls = state.retries.made
        live.unitsInFlight = max(0, (feed.withLock { $0 }?.handedOut ?? 0) - state.unitsDone.load(ordering: .relaxed))
        return live
    }
}

import Dispatch
import MHPipeKit
import MHPipeRuntime

/// What is known of a process that runs a pipeline, for whoever watches it; any thread may ask.
///
/// A counter counts all work that was done, also that of a run that failed and whose events come again.
final class RunMetrics: Sendable {
    private struct State {
        /// The run at work.
        var run: PipelineRun?
        /// What those before it have done.
        var totals = MetricTotals()
        var commits = 0
        var failures = 0
        /// The sum of what was committed.
        var committed: RunReport?
        /// The watch, in which runs are rounds.
        var rounds: WatchRounds?
        var lastCommit: Timestamp?
        /// Why nothing is committed, since the last commit.
        var failure: String?
        var exitCode: ExitCode?
        /// How far it was when it was last asked for its health, and since when that is so.
        var seen: RunProgress?
        var seenSince = DispatchTime.now()
    }

    private let started = Timestamp.now
    private let state = Locked(State())

    /// - Parameter lastCommit: When an earlier process has committed, where that is known.
    init(lastCommit: Timestamp? = nil) {
        state.withLock { $0.lastCommit = lastCommit }
    }

    /// Takes note of a watch, in which runs are rounds.
    func follow(_ rounds: WatchRounds) {
        state.withLock { $0.rounds = rounds }
    }

    /// The sum of what was committed.
    var committed: RunReport? { state.withLock { $0.committed } }

    /// Takes note of a run that begins.
    func begin(_ run: PipelineRun) {
        state.withLock { state in
            state.run = run
            state.seen = nil
            state.seenSince = .now()
        }
    }

    /// Takes note of how a run has ended.
    func end(_ result: Result<RunReport, any Error>) {
        state.withLock { state in
            guard let run = state.run else { return }
            state.run = nil
            let report = run.unsettledReport ?? (try? result.get())
            state.totals = state.totals + MetricTotals(run.live, report)
            if case .failure(let error) = result, report == nil {
                state.failures += 1
                state.failure = "\(error)"
            } else if let report {
                state.failure = nil
                state.committed = state.committed.map { $0 + report } ?? report
                guard report.outcome.isCommitted else { return }
                state.commits += 1
                state.lastCommit = .now
            }
        }
    }

    /// Takes note of how the process ends.
    func finish(_ exitCode: ExitCode) {
        state.withLock { $0.exitCode = exitCode }
    }

    /// Seconds without any progress, although something is in flight, after which a run is not well.
    private static let patience = 300.0

    /// Why it is not well; nil while it is.
    var complaint: String? {
        state.withLock { state in
            if let failure = state.failure { return "the last run failed: \(failure)" }
            if let since = state.rounds?.waiting.since, ContinuousClock.now - since > .seconds(Self.patience) {
                return "files have been waiting for a commit for \(ContinuousClock.now - since)"
            }
            guard let live = state.run?.live else { return nil }
            if live.failingCalls > 0 { return "a sink or a source fails, and is tried again" }
            var progress = live.progress
            progress.seconds = 0
            if progress != state.seen || live.unitsInFlight == 0 {
                state.seen = progress
                state.seenSince = .now()
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - state.seenSince.uptimeNanoseconds) / 1e9
            return seconds < Self.patience
                ? nil : "nothing has moved for \(Int(seconds)) s, although files are being read"
        }
    }

    /// All of it as Prometheus reads it.
    var text: String {
        let (state, live) = state.withLock { ($0, $0.run?.live) }
        var text = MetricsText()
        text.add(
            "mhpipe_build_info",
            .gauge,
            "The version of mhpipe; always 1.",
            [MetricsText.Sample(labels: [("version", Version.current)], value: 1)]
        )
        let totals = live.map { state.totals + MetricTotals($0) } ?? state.totals
        text.add(totals, plan: totals.report)
        text.add(live)
        text.add(
            "mhpipe_retried_calls_total",
            .counter,
            "Calls of plugins that failed and were made again.",
            totals.retriedCalls
        )
        addCommits(state, to: &text)
        text.add(ProcessFigures(), started: started)
        return text.text
    }

    private func addCommits(_ state: State, to text: inout MetricsText) {
        text.add("mhpipe_running", .gauge, "1 while a run is at work.", state.run == nil ? 0 : 1)
        text.add("mhpipe_commits_total", .counter, "Runs whose outputs were put in their places.", state.commits)
        text.add(
            "mhpipe_failed_runs_total",
            .counter,
            "Runs that failed, so that nothing was committed.",
            state.failures
        )
        text.add(
            "mhpipe_committed_files_total",
            .counter,
            "Files of which all is in its place.",
            state.committed?.files ?? 0
        )
        text.add(
            "mhpipe_committed_events_total",
            .counter,
            "Events that are in the place of at least one sink.",
            state.committed?.eventsKept ?? 0
        )
        if let waiting = state.rounds?.waiting {
            text.add("mhpipe_waiting_files", .gauge, "Files that were found and are not read yet.", waiting.units)
            let lag = waiting.since.map { Double((ContinuousClock.now - $0) / .milliseconds(1)) / 1000 } ?? 0
            text.add("mhpipe_lag_seconds", .gauge, "How long files have been waiting.", lag)
        }
        if let time = state.lastCommit {
            text.add(
                "mhpipe_last_commit_timestamp_seconds",
                .gauge,
                "When outputs were last put in their places.",
                time.secondsSince1970
            )
        }
        if let code = state.exitCode {
            text.add("mhpipe_exit_code", .gauge, "The exit code of the command that has ended.", Int(code.value))
        }
    }
}

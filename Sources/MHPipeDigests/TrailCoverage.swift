import MHPipeKit

/// The times of which the digest files of a chain tell, and those of which none does.
struct TrailCoverage {
    private struct Stretch {
        let start: Timestamp
        let end: Timestamp
        /// What is true of a gap before it; nil when nothing is known of that.
        let reason: TrailGap.Reason?
    }

    private let chain: ChainName
    private let selection: TrailSelection
    private let now: Timestamp
    private var stretches: [Stretch] = []

    init(_ chain: ChainName, _ selection: TrailSelection, now: Timestamp) {
        self.chain = chain
        self.selection = selection
        self.now = now
    }

    mutating func add(_ start: Timestamp, _ end: Timestamp, _ reason: TrailGap.Reason?) {
        stretches.append(Stretch(start: start, end: end, reason: reason))
    }

    /// The times of which none tells, in their order; a restart is one however short it is.
    var gaps: [TrailGap] {
        var gaps: [TrailGap] = []
        func add(_ start: Timestamp, _ end: Timestamp, _ reason: TrailGap.Reason) {
            let (start, end) = (max(start, selection.since ?? start), min(end, selection.until ?? end))
            // Digest files tell of seconds, and a second that was asked for may end with the last of them.
            let isWhole = start.advanced(by: reason == .before || reason == .behind ? .seconds(1) : .zero) < end
            guard isWhole || reason == .restart && start == end else { return }
            gaps.append(TrailGap(chain: chain, start: start, end: end, reason: reason))
        }
        let stretches = stretches.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        var last: Timestamp?
        for stretch in stretches {
            if let end = last {
                if stretch.start > end || stretch.start == end && stretch.reason == .restart {
                    add(end, stretch.start, stretch.reason ?? .between)
                }
            } else if let since = selection.since {
                add(since, stretch.start, .before)
            }
            last = max(last ?? stretch.end, stretch.end)
        }
        if let until = selection.until {
            if let last {
                add(last, min(until, now), .behind)
            } else if let since = selection.since {
                add(since, min(until, now), .missing)
            }
        }
        return gaps
    }
}

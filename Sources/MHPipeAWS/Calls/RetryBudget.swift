import MHPipeKit

/// How many requests may be made again in a stretch of time, so that a service in trouble is not troubled more.
///
/// When it is used up, further retries wait for their share instead of failing.
struct RetryBudget {
    private var tokens: Double
    private var last: ContinuousClock.Instant?

    /// So many at once.
    private static let most = 100.0
    /// So many a second after that.
    private static let rate = 20.0

    init() {
        tokens = Self.most
    }

    /// Takes a retry; how long it has to wait for its share.
    mutating func take(at now: ContinuousClock.Instant) -> Duration {
        let elapsed = last.map { ($0.duration(to: now)) / .seconds(1) } ?? 0
        tokens = min(Self.most, tokens + max(elapsed, 0) * Self.rate) - 1
        last = now
        return tokens >= 0 ? .zero : .seconds(-tokens / Self.rate)
    }
}

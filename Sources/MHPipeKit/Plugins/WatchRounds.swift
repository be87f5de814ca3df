/// What follows a place where input arrives, from round to round of a watch; any thread may call it.
package protocol WatchFollower: AnyObject, Sendable {
    /// True when something is there that the present round, or the next, can read.
    var hasNews: Bool { get }

    /// How much waits, and since when the oldest of it does.
    var waiting: WatchBacklog { get }

    /// Takes note that the round is over: what it was given was committed, or shall come again.
    func endRound(isCommitted: Bool)

    /// Takes note that the watch is over, behind its last round.
    func end()
}

extension WatchFollower {
    package func end() {}
}

/// What waits to be read.
package struct WatchBacklog: Sendable {
    package var units: Int
    package var since: ContinuousClock.Instant?

    package init(units: Int = 0, since: ContinuousClock.Instant? = nil) {
        self.units = units
        self.since = since
    }
}

/// A watch, which is many runs one after the other: what lasts from one to the next, and what tells a source when a round is
/// over.
package final class WatchRounds: Sendable {
    /// When a round ends, although more is there.
    package struct Limits: Sendable, Hashable {
        /// So long after its first unit.
        package var time: Duration
        /// After so many events; nil for any number.
        package var events: Int?
        /// After so many units, so that those that may have to come again fit in memory.
        package var units: Int

        package init(time: Duration = .seconds(10), events: Int? = nil, units: Int = 10_000) {
            self.time = time
            self.events = events
            self.units = units
        }
    }

    private struct State {
        var followers: [String: any WatchFollower] = [:]
        var limits: Limits
        var started: ContinuousClock.Instant?
        var units = 0
        var events: @Sendable () -> Int = { 0 }
        var isStopped = false
        /// True when the round has ended although more was there.
        var wasCut = false
    }

    private let state: Locked<State>
    private let onFollow: @Sendable () -> Void
    private let onNews: @Sendable () -> Void

    /// - Parameters:
    ///   - limits: When a round ends.
    ///   - onFollow: Called when something is followed.
    ///   - onNews: Called, on any thread, when a follower has found something.
    package init(
        _ limits: Limits = Limits(),
        onFollow: @escaping @Sendable () -> Void = {},
        onNews: @escaping @Sendable () -> Void
    ) {
        state = Locked(State(limits: limits))
        self.onFollow = onFollow
        self.onNews = onNews
    }

    /// What follows the place of a stage, made in the first round.
    package func follower<Follower: WatchFollower, Failure: Error>(
        of stage: String,
        make: () throws(Failure) -> Follower
    ) throws(Failure) -> Follower {
        if let follower = state.withLock({ $0.followers[stage] }) as? Follower { return follower }
        let follower = try make()
        state.withLock { $0.followers[stage] = follower }
        onFollow()
        return follower
    }

    /// True once something is followed.
    package var isFollowing: Bool { state.withLock { !$0.followers.isEmpty } }

    /// Takes note that there is something to read.
    package func tell() { onNews() }

    /// True when some follower has something.
    package var hasNews: Bool { state.withLock { Array($0.followers.values) }.contains { $0.hasNews } }

    /// What waits in all places.
    package var waiting: WatchBacklog {
        state.withLock { Array($0.followers.values) }.map(\.waiting).reduce(into: WatchBacklog()) { sum, part in
            sum.units += part.units
            sum.since = [sum.since, part.since].compactMap(\.self).min()
        }
    }

    /// Begins a round.
    ///
    /// - Parameters:
    ///   - limits: When it ends.
    ///   - events: How many events it has read so far.
    package func begin(_ limits: Limits, events: @escaping @Sendable () -> Int) {
        state.withLock { state in
            state.limits = limits
            state.started = nil
            state.units = 0
            state.events = events
            state.wasCut = false
        }
    }

    /// True when a source shall give no more units in this round; otherwise it is about to give one.
    package func isOverBeforeUnit() -> Bool {
        let events = state.withLock { $0.events }()
        return state.withLock { state in
            guard !state.isStopped, state.units < state.limits.units, events < state.limits.events ?? .max else {
                state.wasCut = true
                return true
            }
            if let started = state.started {
                guard ContinuousClock.now - started < state.limits.time else {
                    state.wasCut = true
                    return true
                }
            } else {
                state.started = .now
            }
            state.units += 1
            return false
        }
    }

    /// True when the last round has ended although more was there.
    package var wasCut: Bool { state.withLock { $0.wasCut } }

    package func end(isCommitted: Bool) {
        let followers = state.withLock { state in
            state.events = { 0 }
            return Array(state.followers.values)
        }
        for follower in followers { follower.endRound(isCommitted: isCommitted) }
    }

    /// Takes note that the last round is over.
    package func finish() {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.end() }
    }

    /// Ends the watch: the present round gets no more units.
    package func stop() {
        state.withLock { $0.isStopped = true }
        onNews()
    }

    package var isStopped: Bool { state.withLock { $0.isStopped } }
}

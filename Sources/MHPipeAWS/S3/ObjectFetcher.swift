import Dispatch
package import MHPipeKit

/// Gets objects ahead of who reads them, in the order in which they were asked for, within a budget of bytes.
///
/// Large objects come in parts, side by side. What nobody reads any more gives its bytes back.
package final class ObjectFetcher: Sendable {
    /// One request: an object, or a part of it.
    final class Part: Sendable {
        enum State {
            case waiting
            case running
            case done(Result<[UInt8], AWSFailure>)
            /// Read, or not wanted any more.
            case gone
        }

        let object: S3Object
        let range: Range<Int>
        /// True for the only part of an object.
        let isWhole: Bool
        /// False for one that somebody waits for who may hold up the others.
        let isCounted: Bool
        /// Raised when it is done.
        let isThere = DispatchSemaphore(value: 0)

        init(_ object: S3Object, _ range: Range<Int>, isWhole: Bool, isCounted: Bool) {
            self.object = object
            self.range = range
            self.isWhole = isWhole
            self.isCounted = isCounted
        }
    }

    private struct State {
        /// Those whose turn has not come, from `first` on.
        var queue: [Part] = []
        var first = 0
        var states: [ObjectIdentifier: Part.State] = [:]
        var running = 0
        var bytes = 0
    }

    let bucket: S3Bucket
    private let waiting: Locked<RunStop>
    private let budget: Int
    private let parallel: Int
    private let state = Locked(State())

    /// What is asked for at once.
    static let partBytes = 8 << 20

    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - budget: Bytes that may be on their way, or wait to be read.
    ///   - parallel: Requests at once.
    ///   - stop: Ends the waiting.
    package init(_ bucket: S3Bucket, budget: Int = 32 << 20, parallel: Int = 64, stop: RunStop = RunStop()) {
        self.bucket = bucket
        self.budget = budget
        self.parallel = parallel
        waiting = Locked(stop)
    }

    /// Ends the waiting.
    var stop: RunStop { waiting.withLock { $0 } }

    /// Has something else end the waiting from now on, for who reads in rounds.
    package func begin(_ stop: RunStop) { waiting.withLock { $0 = stop } }

    /// Begins to get an object when its turn comes.
    package func fetch(_ object: S3Object) -> ObjectFetch {
        let fetch = ObjectFetch(object, self, isCounted: true)
        state.withLock { state in
            for part in fetch.parts {
                state.states[ObjectIdentifier(part)] = .waiting
                state.queue.append(part)
            }
        }
        start()
        return fetch
    }

    /// Gets an object part by part as it is read, before all that waits.
    package func fetchNow(_ object: S3Object) -> ObjectFetch {
        ObjectFetch(object, self, isCounted: false)
    }

    /// Sends what there is room for.
    private func start() {
        let parts = state.withLock { state -> [Part] in
            var parts: [Part] = []
            while state.first < state.queue.count, state.running < parallel {
                let part = state.queue[state.first]
                guard case .waiting? = state.states[ObjectIdentifier(part)] else {
                    state.first += 1
                    continue
                }
                guard state.bytes == 0 || state.bytes + part.range.count <= budget else { break }
                state.first += 1
                state.bytes += part.range.count
                state.running += 1
                state.states[ObjectIdentifier(part)] = .running
                parts.append(part)
            }
            if state.first > 1024 || state.first == state.queue.count {
                state.queue.removeFirst(state.first)
                state.first = 0
            }
            return parts
        }
        parts.forEach(send)
    }

    /// Sends a part whose reader waits, whatever the budget is.
    func startNow(_ part: Part) {
        let isNew = state.withLock { state in
            guard state.states[ObjectIdentifier(part)] == nil else { return false }
            state.states[ObjectIdentifier(part)] = .running
            return true
        }
        if isNew { send(part) }
    }

    private func send(_ part: Part) {
        bucket.get(part.object, part.isWhole ? nil : part.range) { [self] result in
            state.withLock { state in
                if part.isCounted { state.running -= 1 }
                if case .gone? = state.states[ObjectIdentifier(part)] {
                    state.states[ObjectIdentifier(part)] = nil
                    if part.isCounted { state.bytes -= part.range.count }
                } else {
                    state.states[ObjectIdentifier(part)] = .done(result.map(\.body))
                }
            }
            part.isThere.signal()
            start()
        }
    }

    /// What came of a part, once it is done; its bytes still count.
    func take(_ part: Part) -> Result<[UInt8], AWSFailure>? {
        state.withLock { state in
            guard case .done(let result)? = state.states[ObjectIdentifier(part)] else { return nil }
            return result
        }
    }

    /// Gives back the bytes of parts that are read, or not wanted.
    func release(_ parts: ArraySlice<Part>) {
        state.withLock { state in
            for part in parts {
                switch state.states[ObjectIdentifier(part)] {
                case .waiting?: state.states[ObjectIdentifier(part)] = nil
                case .running?: state.states[ObjectIdentifier(part)] = .gone
                case .done?:
                    state.states[ObjectIdentifier(part)] = nil
                    if part.isCounted { state.bytes -= part.range.count }
                case .gone?, nil: break
                }
            }
        }
        start()
    }
}

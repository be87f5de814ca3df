import Dispatch
import MHPipeAWS
import MHPipeKit

/// Takes messages from a queue ahead of who works on them, and keeps them from others until they are deleted or let go of.
///
/// Any thread may call it.
final class QueueIntake: Sendable {
    /// How messages are taken.
    struct Manner: Sendable {
        /// Seconds that the queue waits for a message to come.
        var wait = 20
        /// Seconds that nobody else is given a message; nil for what the queue itself says.
        var visibility: Int?
        /// True to go on when the queue is empty.
        var isEndless = false
    }

    /// What is there.
    enum Next {
        case message(QueueMessage)
        case notYet
        case end
    }

    private struct State {
        /// Those that nobody has taken yet.
        var ready: [QueueMessage] = []
        /// Those that are not deleted and not let go of, by their ids, with the handles that they came by last.
        var held: [String: QueueMessage] = [:]
        /// Those of them that others may have been given meanwhile.
        var lapsed: Set<String> = []
        var visibility: Int?
        var asking = 0
        /// True when the last answer held nothing.
        var wasEmpty = false
        var isEnded = false
        var isExtending = false
        var failure: StageError?
        /// True once the failure was said, so that what comes next is a new try.
        var isTold = false
        /// True while the queue is asked for its visibility.
        var isStarting = false
        /// When messages were asked for first; nil once there was an answer.
        var began: ContinuousClock.Instant?
        /// True when the queue has said that too many messages are in flight.
        var isOverLimit = false
        var since: ContinuousClock.Instant?
    }

    let queue: MessageQueue
    /// The same queue over connections that nothing but the waiting for messages goes over, so that it can be given up.
    private let source: MessageQueue
    private let sourceStop: RunStop
    private let hasStarted = DispatchSemaphore(value: 0)
    private let isQuiet = DispatchSemaphore(value: 0)
    private let calls: QueueCalls
    private let manner: Manner
    private let stop: RunStop
    private let onNews: @Sendable () -> Void
    private let state = Locked(State())
    private let clock = DispatchQueue(label: "mhpipe.sqs")

    /// Calls that wait for messages at once, while some come.
    private static let mostAsking = 4
    /// Messages that wait to be taken.
    private static let mostReady = 200
    /// SQS gives no more than so many before some are deleted.
    private var mostHeld: Int { queue.address.isFIFO ? 18_000 : 100_000 }

    /// - Parameters:
    ///   - address: The queue.
    ///   - manner: How messages are taken.
    ///   - connection: How AWS is reached; it is stopped when the intake has ended.
    ///   - onNews: Called, on any thread, when there is a message, or a reason why there is none.
    /// - Throws: `StageError` when there is no thread, or no such endpoint.
    init(
        _ address: QueueAddress,
        _ manner: Manner,
        _ connection: AWSConnection,
        onNews: @escaping @Sendable () -> Void = {}
    ) throws {
        stop = connection.stop
        sourceStop = RunStop()
        queue = try MessageQueue(address, connection)
        source = try MessageQueue(address, AWSConnection(like: connection, stop: sourceStop))
        self.manner = manner
        self.onNews = onNews
        calls = QueueCalls(queue)
    }

    /// Begins.
    func start() {
        // Also to know whether there is such a queue before a watch of it begins.
        if let visibility = manner.visibility, !manner.isEndless { return begin(visibility) }
        state.withLock { $0.isStarting = true }
        queue.visibility { [weak self] result in
            guard let self else { return }
            defer {
                state.withLock { $0.isStarting = false }
                hasStarted.signal()
            }
            switch result {
            case .success where manner.visibility != nil: begin(manner.visibility ?? 0)
            // One that is visible at once is no use.
            case .success(let seconds): begin(seconds > 0 ? seconds : Self.usualVisibility)
            // It is said to the queue with each request.
            case .failure(let failure) where failure.refusal?.isOfPermission == true:
                begin(manner.visibility ?? Self.usualVisibility)
            case .failure(let failure): fail(failure, "cannot read from", needs: "sqs:GetQueueAttributes")
            }
        }
    }

    private static let usualVisibility = 60

    private func begin(_ visibility: Int) {
        state.withLock { state in
            state.visibility = visibility
            state.began = .now
        }
        extendLater(visibility)
        ask()
    }

    private func extendLater(_ visibility: Int) {
        clock.asyncAfter(deadline: .now() + .milliseconds(visibility * 500)) { [weak self] in
            guard let self, !state.withLock({ $0.isEnded }) else { return }
            extend()
            extendLater(visibility)
        }
    }

    // MARK: - Taking

    /// The next message that was not taken yet.
    ///
    /// - Throws: `StageError` when the queue cannot be read from, once for each time.
    func next() throws -> Next {
        let next = try state.withLock { state -> Next in
            if let failure = state.failure, !state.isTold || !manner.isEndless {
                state.isTold = true
                throw failure
            }
            guard !state.ready.isEmpty else { return isDry(state) ? .end : .notYet }
            let message = state.ready.removeFirst()
            if state.ready.isEmpty { state.since = nil }
            // It may have come again meanwhile.
            return .message(state.held[message.id] ?? message)
        }
        if isProbing { probe() } else { ask() }
        return next
    }

    /// True from a failure that was said to the end of the next try.
    var isProbing: Bool { state.withLock { $0.failure != nil && $0.isTold } }

    /// True while nobody knows whether the queue is there.
    var isStarting: Bool { state.withLock { $0.isStarting } }

    /// True for a moment at the beginning, in which a queue that is not empty answers.
    var isFresh: Bool { state.withLock { $0.began.map { ContinuousClock.now - $0 < Self.moment } ?? false } }

    private static let moment = Duration.seconds(2)

    /// Waits until it is known whether the queue is there.
    ///
    /// - Throws: `StageError` when it is not, or cannot be asked.
    func waitForStart(_ stop: RunStop) throws {
        while isStarting, !stop.isRaised { _ = hasStarted.wait(timeout: .now() + .milliseconds(100)) }
        guard let failure = failure else { return }
        end(within: .zero)
        throw failure
    }

    /// Tries again what has failed.
    private func probe() {
        let (hasBegun, asks, visibility) = state.withLock { state -> (Bool, Bool, Int) in
            guard let visibility = state.visibility else { return (false, !state.isStarting, 0) }
            let asks = state.asking == 0 && !state.isEnded
            if asks { state.asking += 1 }
            return (true, asks, visibility)
        }
        guard asks else { return }
        guard hasBegun else { return start() }
        source.receive(wait: 0, visibility: visibility) { [weak self] in self?.take($0, askedAt: .now()) }
    }

    private func isDry(_ state: State) -> Bool {
        guard !manner.isEndless, state.asking == 0, state.visibility != nil else { return false }
        return state.wasEmpty || isFull(state)
    }

    private func isFull(_ state: State) -> Bool {
        state.isOverLimit || state.held.count + (state.asking + 1) * MessageQueue.mostAtOnce > mostHeld
    }

    /// True when so many are held that the queue gives no more, although there may be some.
    var isFull: Bool { state.withLock { isFull($0) } }

    /// What waits to be taken.
    var waiting: WatchBacklog { state.withLock { WatchBacklog(units: $0.ready.count, since: $0.since) } }

    /// True when `next` has something to say.
    var hasNews: Bool { state.withLock { !$0.ready.isEmpty || $0.failure != nil && !$0.isTold } }

    /// Why nothing can be taken or kept any more.
    var failure: StageError? { state.withLock { $0.failure } }

    private func ask() {
        let (count, visibility) = state.withLock { state -> (Int, Int) in
            guard let visibility = state.visibility, !state.isEnded, state.failure == nil,
                manner.isEndless || !state.wasEmpty
            else { return (0, 0) }
            let most = state.wasEmpty ? 1 : Self.mostAsking
            var count = 0
            while state.asking < most, !isFull(state),
                state.ready.count + state.asking * MessageQueue.mostAtOnce < Self.mostReady
            {
                state.asking += 1
                count += 1
            }
            return (count, visibility)
        }
        let start = DispatchTime.now()
        for _ in 0..<count {
            source.receive(wait: manner.wait, visibility: visibility) { [weak self] in self?.take($0, askedAt: start) }
        }
    }

    private func take(_ result: Result<[QueueMessage], AWSFailure>, askedAt start: DispatchTime) {
        let messages: [QueueMessage]
        switch result {
        case .failure(let failure):
            let isQuiet = state.withLock { state in
                state.asking -= 1
                return state.isEnded && state.asking == 0
            }
            if isQuiet { self.isQuiet.signal() }
            // Others hold as many as the queue gives.
            if failure.refusal?.code.hasSuffix("OverLimit") == true, !manner.isEndless {
                state.withLock { $0.isOverLimit = true }
                return onNews()
            }
            return fail(failure, "cannot read from", needs: "sqs:ReceiveMessage")
        case .success(let received): messages = received
        }
        let isQuiet = state.withLock { state in
            state.asking -= 1
            state.began = nil
            if state.isTold { state.failure = nil }
            state.wasEmpty = messages.isEmpty
            for message in messages {
                // One that is held already has come again: its work goes on, under its new handle.
                if state.held.updateValue(message, forKey: message.id) == nil { state.ready.append(message) }
                state.lapsed.remove(message.id)
            }
            if state.since == nil, !state.ready.isEmpty { state.since = .now }
            return state.isEnded && state.asking == 0
        }
        if isQuiet { self.isQuiet.signal() }
        onNews()
        // A queue that does not wait is not asked without a pause.
        let next = messages.isEmpty ? start + .seconds(1) : start
        if next <= .now() { ask() } else { clock.asyncAfter(deadline: next) { [weak self] in self?.ask() } }
    }

    private func fail(_ failure: AWSFailure, _ what: String, needs permission: String) {
        state.withLock { state in
            guard !state.isEnded else { return }
            state.failure = queue.error(failure, what, needs: permission)
            state.isTold = false
        }
        onNews()
    }

    // MARK: - Keeping

    /// Keeps all that is held from others for some more time.
    private func extend() {
        let (messages, visibility) = state.withLock { state -> ([QueueMessage], Int) in
            guard !state.isEnded, !state.isExtending, let visibility = state.visibility else { return ([], 0) }
            let messages = state.held.values.filter { !state.lapsed.contains($0.id) }
            state.isExtending = !messages.isEmpty
            return (messages, visibility)
        }
        guard !messages.isEmpty else { return }
        calls.setVisibility(messages, visibility) { [weak self] refused, failure in
            guard let self else { return }
            state.withLock { state in
                state.isExtending = false
                for (message, refusal) in refused where !refusal.mayPass {
                    // What has come again meanwhile is held by another handle.
                    if state.held[message.id]?.handle == message.handle { state.lapsed.insert(message.id) }
                }
            }
            if let failure { fail(failure, "cannot keep messages of", needs: "sqs:ChangeMessageVisibility") }
        }
    }

    /// How many of some messages others may have been given.
    func lapsedCount(of ids: [String]) -> Int { state.withLock { state in ids.count { state.lapsed.contains($0) } } }

    // MARK: - Letting go

    private func drop(_ ids: [String]) -> [QueueMessage] {
        state.withLock { state in
            ids.compactMap { id in
                state.lapsed.remove(id)
                return state.held.removeValue(forKey: id)
            }
        }
    }

    /// Deletes messages, and waits for that.
    ///
    /// - Throws: `StageError` when they may come again.
    func delete(_ ids: [String]) throws {
        var messages = drop(ids)
        for _ in 0..<3 where !messages.isEmpty {
            let (refused, failure) = calls.delete(messages)
            if let failure { throw queue.error(failure, "cannot delete messages of", needs: "sqs:DeleteMessage") }
            messages = refused.filter { $0.refusal.mayPass }.map(\.message)
            if let (_, refusal) = refused.first(where: { !$0.refusal.mayPass }) {
                throw StageError(
                    "cannot delete \(refused.count) messages of queue '\(queue.address.name)', which were read: "
                        + "\(refusal.code): \(refusal.message)"
                )
            }
        }
        guard messages.isEmpty else {
            throw StageError(
                "cannot delete \(messages.count) messages of queue '\(queue.address.name)', which were read"
            )
        }
        ask()
    }

    /// Lets messages come again when their time is over.
    func letGo(_ ids: [String]) { _ = drop(ids) }

    /// Has messages taken again, by this run's next rounds, in their order.
    func putBack(_ ids: [String]) {
        state.withLock { state in
            state.ready.insert(contentsOf: ids.compactMap { state.held[$0] }, at: 0)
            if state.since == nil, !state.ready.isEmpty { state.since = .now }
        }
    }

    /// Ends it: what is held comes again at once, as far as the queue can be told in the time that is left.
    func end(within time: Duration) {
        let isAsking = state.withLock { state -> Bool? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            return state.asking > 0
        }
        guard let isAsking else { return }
        // Before anything is given back, or who still waits would be given it.
        sourceStop.raise()
        if isAsking { _ = isQuiet.wait(timeout: .now() + .milliseconds(300)) }
        let messages = state.withLock { state in
            defer { state.held = [:] }
            return Array(state.held.values)
        }
        if !messages.isEmpty { calls.release(messages, within: time) }
        stop.raise()
    }
}

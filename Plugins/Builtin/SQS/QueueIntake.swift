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

    struct State {
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
    let sourceStop: RunStop
    private let hasStarted = DispatchSemaphore(value: 0)
    let isQuiet = DispatchSemaphore(value: 0)
    let calls: QueueCalls
    let manner: Manner
    let stop: RunStop
    private let onNews: @Sendable () -> Void
    let state = Locked(State())
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

    func ask() {
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

    func fail(_ failure: AWSFailure, _ what: String, needs permission: String) {
        state.withLock { state in
            guard !state.isEnded else { return }
            state.failure = queue.error(failure, what, needs: permission)
            state.isTold = false
        }
        onNews()
    }
}

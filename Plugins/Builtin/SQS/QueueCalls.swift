import Dispatch
import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// Calls for any number of messages: as many at once as the queue takes, and some of them side by side.
struct QueueCalls: Sendable {
    typealias Outcome = (refused: [(message: QueueMessage, refusal: MessageQueue.Refusal)], failure: AWSFailure?)
    private typealias Call = @Sendable ([String], @escaping MessageQueue.Completion<[MessageQueue.Refusal]>) -> Void

    private let queue: MessageQueue

    init(_ queue: MessageQueue) {
        self.queue = queue
    }

    private struct State: Sendable {
        var rest: ArraySlice<QueueMessage>
        var running = 0
        var outcome = Outcome([], nil)
        var hasEnded = false
    }

    private static let mostRunning = 8

    /// Calls for all of some messages; after one that failed no more are begun.
    private func run(
        _ messages: [QueueMessage],
        _ call: @escaping Call,
        _ completion: @escaping @Sendable (Outcome) -> Void
    ) {
        let state = Locked(State(rest: messages[...]))
        @Sendable func go() {
            var next: [[QueueMessage]] = []
            let end = state.withLock { state -> Outcome? in
                while state.outcome.failure == nil, !state.rest.isEmpty, state.running < Self.mostRunning {
                    next.append(Array(state.rest.prefix(MessageQueue.mostAtOnce)))
                    state.rest = state.rest.dropFirst(MessageQueue.mostAtOnce)
                    state.running += 1
                }
                guard state.running == 0, !state.hasEnded else { return nil }
                state.hasEnded = true
                return state.outcome
            }
            if let end { return completion(end) }
            for batch in next {
                call(batch.map(\.handle)) { result in
                    state.withLock { state in
                        state.running -= 1
                        switch result {
                        case .success(let refusals):
                            for refusal in refusals {
                                guard let message = batch.first(where: { $0.handle == refusal.handle }) else {
                                    continue
                                }
                                state.outcome.refused.append((message, refusal))
                            }
                        case .failure(let failure): state.outcome.failure = state.outcome.failure ?? failure
                        }
                    }
                    go()
                }
            }
        }
        go()
    }

    /// Has nobody else given messages for some seconds.
    func setVisibility(
        _ messages: [QueueMessage],
        _ seconds: Int,
        _ completion: @escaping @Sendable (Outcome) -> Void
    ) {
        run(messages, { [queue] in queue.setVisibility($0, seconds, $1) }, completion)
    }

    /// Deletes messages, and waits for that.
    func delete(_ messages: [QueueMessage]) -> Outcome {
        let isDone = DispatchSemaphore(value: 0)
        let outcome = Locked(Outcome([], nil))
        run(messages, { [queue] in queue.delete($0, $1) }) { result in
            outcome.withLock { $0 = result }
            isDone.signal()
        }
        isDone.wait()
        return outcome.withLock { $0 }
    }

    /// Gives messages back, and waits for that as long as there is time.
    func release(_ messages: [QueueMessage], within time: Duration) {
        let isDone = DispatchSemaphore(value: 0)
        setVisibility(messages, 0) { _ in isDone.signal() }
        _ = isDone.wait(timeout: .now() + time.dispatchInterval)
    }
}

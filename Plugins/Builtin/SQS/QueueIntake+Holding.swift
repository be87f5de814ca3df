import Dispatch
import MHPipeAWS
import MHPipeKit

/// How messages that were received are kept from others, and how they are let go of.
extension QueueIntake {
    /// Keeps all that is held from others for some more time.
    func extend() {
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
        // A run that ends with what it has would have to give back whatever came now.
        if manner.isEndless { ask() }
    }

    /// Lets messages come again when their time is over.
    func letGo(_ ids: [String]) { _ = drop(ids) }

    /// Lets messages come again for other runs; this one would be given them at once if they were not kept to its end.
    func putOff(_ ids: [String]) { if manner.isEndless { letGo(ids) } }

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

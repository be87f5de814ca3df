import MHPipeKit
import Dispatch
import Synchronization

/// Puts what the workers make out of order back into the order of the units, on a serial queue.
///
/// Elements of the unit that is next in line go through; those of later units wait until all before them are finished.
/// What goes through is handed to the serial queue in batches, since waking its thread costs more than most elements
/// are worth: with small input files it was a tenth of a run.
final class OrderedQueue<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Int: [Element]] = [:]
        var finished: Set<Int> = []
        /// Elements that are through, but not on the serial queue yet.
        var batch: [Element] = []
        var batchWeight = 0
    }

    private let state = Locked(State())
    /// The unit that is next in line; changed under the lock of `state` only.
    private let next = Atomic(0)
    private let queue: DispatchQueue
    private let weight: @Sendable (Element) -> Int
    private let batchWeight: Int
    private let onHold: @Sendable (Element) -> Void
    private let onQueue: @Sendable (Element, _ wasHeld: Bool) -> Void
    private let deliver: @Sendable (Element) -> Void

    /// - Parameters:
    ///   - label: The queue's name in debuggers.
    ///   - batchWeight: The weight of elements that are worth waking the serial queue for; 0 hands on each at once.
    ///   - weight: The weight of an element.
    ///   - onHold: Told of an element that has to wait, on the queue of whoever submits it.
    ///   - onQueue: Told of an element that is on its way.
    ///   - deliver: Takes the elements in order, on the serial queue.
    init(
        label: String,
        batchWeight: Int = 0,
        weight: @escaping @Sendable (Element) -> Int = { _ in 0 },
        onHold: @escaping @Sendable (Element) -> Void = { _ in },
        onQueue: @escaping @Sendable (Element, _ wasHeld: Bool) -> Void = { _, _ in },
        deliver: @escaping @Sendable (Element) -> Void
    ) {
        queue = DispatchQueue(label: label)
        self.batchWeight = batchWeight
        self.weight = weight
        self.onHold = onHold
        self.onQueue = onQueue
        self.deliver = deliver
    }

    /// True when a unit is the next in line; takes no lock, so that it can be asked under any.
    func isNext(_ unit: Int) -> Bool {
        next.load(ordering: .acquiring) == unit
    }

    func submit(_ element: Element, unit: Int) {
        state.withLock { state in
            if isNext(unit) {
                pass(element, wasHeld: false, &state)
            } else {
                onHold(element)
                state.waiting[unit, default: []].append(element)
            }
        }
    }

    /// Takes note that a unit has no more elements.
    func finish(unit: Int) {
        state.withLock { state in
            state.finished.insert(unit)
            var next = next.load(ordering: .relaxed)
            while state.finished.remove(next) != nil {
                next += 1
                self.next.store(next, ordering: .releasing)
                for element in state.waiting.removeValue(forKey: next) ?? [] {
                    pass(element, wasHeld: true, &state)
                }
            }
        }
    }

    /// Runs something on the serial queue behind all that is through, and waits for it.
    func sync<Result: Sendable>(_ work: @Sendable () throws -> Result) rethrows -> Result {
        state.withLock { handOn(&$0) }
        return try queue.sync(execute: work)
    }

    private func pass(_ element: Element, wasHeld: Bool, _ state: inout State) {
        onQueue(element, wasHeld)
        state.batch.append(element)
        state.batchWeight += weight(element)
        if state.batchWeight >= batchWeight { handOn(&state) }
    }

    private func handOn(_ state: inout State) {
        guard !state.batch.isEmpty else { return }
        queue.async { [deliver, batch = state.batch] in
            for element in batch { deliver(element) }
        }
        state.batch.removeAll(keepingCapacity: true)
        state.batchWeight = 0
    }
}

import Dispatch
import MHPipeKit

/// Some objects of a store, which come in any order, and what is made of each.
///
/// One that is quick to read is read by whoever brings it, since having another thread do so would take longer than that;
/// the others wait for the threads that `run`.
final class ObjectRound<Item: Sendable, Output: Sendable>: Sendable {
    private struct State {
        var results: [Result<Output, any Error>?]
        /// How many were asked for, and are done.
        var asked = 0
        var done = 0
        /// How many threads work on one now.
        var working = 0
        /// True while some thread asks, which goes on as long as there is room.
        var isAsking = false
        var hasFailed = false
        /// Those that wait for a thread.
        var ready: [(number: Int, object: AskedObject)] = []
        var sleeping = 0

        /// True when nobody has anything to do any more.
        var isOver: Bool { hasFailed ? working == 0 : done == results.count }
    }

    private enum Step {
        case work(number: Int, AskedObject)
        case sleep
        case end
    }

    private let items: [Item]
    private let most: Int
    private let store: any TrailStore
    private let address: @Sendable (Item) -> ObjectAddress
    private let work: @Sendable (Item, AskedObject) throws -> Output
    private let state: Locked<State>
    /// Raised for each thread that sleeps and has something to do.
    private let changed = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - items: The items.
    ///   - most: So many are asked for and not done at most.
    ///   - store: Where the objects are.
    ///   - address: Where that of an item is.
    ///   - work: Called on several threads at once.
    init(
        _ items: [Item],
        most: Int,
        in store: any TrailStore,
        address: @escaping @Sendable (Item) -> ObjectAddress,
        _ work: @escaping @Sendable (Item, AskedObject) throws -> Output
    ) {
        self.items = items
        self.most = most
        self.store = store
        self.address = address
        self.work = work
        state = Locked(State(results: [Result<Output, any Error>?](repeating: nil, count: items.count)))
    }

    /// The results in the order of the items, once `run` has ended.
    ///
    /// - Throws: The first error in that order.
    var results: [Output] {
        get throws { try state.withLock { try $0.results.compactMap { try $0?.get() } } }
    }

    /// Works on objects until all are done, or one has failed and nobody works any more.
    func run() {
        while true {
            askAhead()
            let step = state.withLock { state -> Step in
                if state.isOver { return .end }
                guard !state.hasFailed, !state.ready.isEmpty else {
                    state.sleeping += 1
                    return .sleep
                }
                state.working += 1
                let (number, object) = state.ready.removeFirst()
                return .work(number: number, object)
            }
            switch step {
            case .work(let number, let object): finish(number, Result { try work(items[number], object) })
            case .sleep: changed.wait()
            case .end: return
            }
        }
    }

    /// Asks for what there is room for, in the order of the items.
    private func askAhead() {
        var isAsking = false
        while true {
            let number = state.withLock { state -> Int? in
                // Whoever asks sees what others have finished meanwhile. It is also this thread where objects come at once.
                guard isAsking || !state.isAsking else { return nil }
                isAsking = !state.hasFailed && state.asked < items.count && state.asked - state.done < most
                state.isAsking = isAsking
                guard isAsking else { return nil }
                defer { state.asked += 1 }
                return state.asked
            }
            guard let number else { return }
            store.ask(for: address(items[number])) { [self] in take(number, $0) }
        }
    }

    private func take(_ number: Int, _ object: AskedObject) {
        let isWanted = state.withLock { state in
            if state.hasFailed { return false }
            if object.isQuick {
                state.working += 1
                return true
            }
            state.ready.append((number, object))
            if state.sleeping > 0 {
                state.sleeping -= 1
                changed.signal()
            }
            return false
        }
        guard isWanted else { return }
        finish(number, Result { try work(items[number], object) })
        askAhead()
    }

    private func finish(_ number: Int, _ result: Result<Output, any Error>) {
        state.withLock { state in
            state.results[number] = result
            state.done += 1
            state.working -= 1
            if case .failure = result { state.hasFailed = true }
            guard state.isOver else { return }
            for _ in 0..<state.sleeping { changed.signal() }
            state.sleeping = 0
        }
    }
}

import Dispatch
import MHPipeIO
import MHPipeKit
import MHPipePlan
import Synchronization

/// Pulls units from the sources, one source after the other, numbers them, and hands each to the first worker that asks.
final class UnitFeed: Sendable {
    /// What is pulled, its number, and the source it came from.
    struct Item: Sendable {
        enum Content: Sendable {
            case unit(any SourceUnit)
            case unreadable(UnreadableInput)
        }

        var number: Int
        var content: Content
        /// The place of its source in the plan.
        var source: Int
    }

    private enum Answer {
        case item(Item.Content)
        case wait(until: DispatchTime)
        case end
    }

    private struct State {
        /// The source whose turn it is.
        var source = 0
        var pulled = 0
        var handedOut = 0
        /// Those that were pulled to see whether there is a unit, with their sources.
        var found: [(content: Item.Content, source: Int)] = []
        /// The source is not asked before.
        var retry = DispatchTime(uptimeNanoseconds: 0)
        var repeated: RepeatedFiles
    }

    private let sources: [SourceRunner]
    private let state: Locked<State>
    private let totals: Locked<[UnitTotal?]>
    /// What was pulled and not taken.
    private let passedOver = Locked((units: 0, bytes: 0))
    private let isClosed = Atomic(false)
    /// True when a source could not say what comes next, which ends the run.
    private let hasFailed = Atomic(false)
    private let isAtEnd = Atomic(false)
    private let idle: IdleWorkers
    private let isStopped: @Sendable () -> Bool
    private let takes: @Sendable (Item.Content, _ source: Int) throws -> Bool
    private let onHandOut: @Sendable (Item) throws -> Void

    /// - Parameters:
    ///   - sources: The sources, in order.
    ///   - idle: Woken when the run stops.
    ///   - takes: False for what is pulled and passed over; asked in order.
    ///   - onHandOut: Told of every unit before a worker has it, in order.
    ///   - isStopped: True when what is in flight shall be let go of.
    init(
        _ sources: [SourceRunner],
        idle: IdleWorkers,
        takes: @escaping @Sendable (Item.Content, _ source: Int) throws -> Bool = { _, _ in true },
        onHandOut: @escaping @Sendable (Item) throws -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.takes = takes
        self.onHandOut = onHandOut
        self.sources = sources
        self.idle = idle
        self.isStopped = isStopped
        state = Locked(State(repeated: RepeatedFiles(sources.map(\.list))))
        totals = Locked(sources.map(\.list.total))
    }

    /// Pulls until there is a unit, which is handed out later; false when there is none, or the feed is closed.
    func findFirst() throws -> Bool {
        while let content = try find(pastFound: true) {
            if case .unit = content { return true }
        }
        return false
    }

    /// Waits until there is a unit that no worker waits for, which is handed out later; false when there is none.
    func findAnother() throws -> Bool {
        try find() != nil
    }

    private func find(pastFound: Bool = false) throws -> Item.Content? {
        while !isOver {
            idle.waitUntilBusy { isOver || isExhausted }
            let answer = try state.withLock { state in
                if !pastFound, let found = state.found.last { return Answer.item(found.content) }
                let answer = try pull(&state)
                if case .item(let content) = answer { state.found.append((content, state.source)) }
                return answer
            }
            switch answer {
            case .item(let content): return content
            case .wait(let moment): idle.watch(until: moment) { isOver }
            case .end: return nil
            }
        }
        return nil
    }

    /// What was found and not handed out, as far as it cannot be read.
    func takeUnreadable() -> [(input: UnreadableInput, source: Int)] {
        state.withLock { state in
            defer { state.found = [] }
            return state.found.compactMap { found in
                if case .unreadable(let input) = found.content { (input, found.source) } else { nil }
            }
        }
    }

    /// True when something was found and not handed out.
    var holdsAny: Bool { state.withLock { !$0.found.isEmpty } }

    /// Takes note of a worker that will ask for its first unit soon, so that no other one is made for that.
    func expectWorker() { idle.expect() }

    /// The next unit, for the worker that asks, for the first time or again; nil when there is none, or the feed is closed.
    func take(isFirst: Bool) throws -> Item? {
        defer { if isFirst { idle.cameUp() } }
        while !isOver {
            let (answer, item) = try state.withLock { state -> (Answer, Item?) in
                let answer: Answer
                var source = state.source
                if state.found.isEmpty {
                    answer = try pull(&state)
                    source = state.source
                } else {
                    let found = state.found.removeFirst()
                    (answer, source) = (.item(found.content), found.source)
                }
                guard case .item(let content) = answer else { return (answer, nil) }
                let item = Item(number: state.handedOut, content: content, source: source)
                try onHandOut(item)
                state.handedOut += 1
                return (answer, item)
            }
            if let item { return item }
            guard case .wait(let moment) = answer else { return nil }
            idle.wait(until: moment) { isOver }
        }
        return nil
    }

    /// Passes over the next unit, which an earlier run is done with; nil when there is none.
    func pass() throws -> Item? {
        while !isOver {
            let (answer, source) = try state.withLock { state in (try pull(&state), state.source) }
            switch answer {
            case .item(let content): return Item(number: 0, content: content, source: source)
            case .wait(let moment): idle.watch(until: moment) { isOver }
            case .end: return nil
            }
        }
        return nil
    }

    /// Looks whether there is anything more, where nobody else asks for units; what there is is not reached.
    func lookForEnd() {
        _ = try? state.withLock { if $0.found.isEmpty { _ = try pull(&$0) } }
    }

    private func pull(_ state: inout State) throws -> Answer {
        guard !hasFailed.load(ordering: .acquiring) else { return .end }
        do {
            return try pullNext(&state)
        } catch {
            // What comes behind it would be taken without it, and written down as done, before the run has ended.
            hasFailed.store(true, ordering: .releasing)
            idle.wake()
            throw error
        }
    }

    private func pullNext(_ state: inout State) throws -> Answer {
        if DispatchTime.now() < state.retry { return .wait(until: state.retry) }
        var hasPassed = false
        while state.source < sources.count {
            // Many may be passed over, one after the other.
            if hasPassed, isOver { return .wait(until: .now()) }
            let (next, total) = try sources[state.source].next()
            totals.withLock { $0[state.source] = total }
            switch next {
            case .unit(let unit):
                state.pulled += 1
                let isTaken = try takes(.unit(unit), state.source)
                state.repeated.note(unit, of: state.source, isTaken: isTaken)
                if isTaken { return .item(.unit(unit)) }
                hasPassed = true
                passedOver.withLock { $0 = ($0.units + 1, $0.bytes + (unit.size ?? 0)) }
            case .unreadable(let input):
                state.pulled += 1
                if try takes(.unreadable(input), state.source) { return .item(.unreadable(input)) }
                hasPassed = true
            case .notYet(let time):
                state.retry = .now() + time.dispatchInterval
                return .wait(until: state.retry)
            case .end: state.source += 1
            }
        }
        isAtEnd.store(true, ordering: .releasing)
        idle.wake()
        return .end
    }

    private var isOver: Bool {
        isClosed.load(ordering: .acquiring) || hasFailed.load(ordering: .acquiring) || isStopped()
    }

    /// Hands out nothing more.
    func close() {
        isClosed.store(true, ordering: .releasing)
        idle.wake()
    }

    /// How many units there are to take, as far as is known of those to come; nil while that is not known.
    var total: UnitTotal? {
        let totals = totals.withLock { $0 }
        let known = totals.compactMap { $0 }
        guard known.count == totals.count else { return nil }
        let sizes = known.compactMap(\.bytes)
        let passedOver = passedOver.withLock { $0 }
        return UnitTotal(
            units: known.reduce(-passedOver.units) { $0 + $1.units },
            bytes: sizes.count == known.count ? sizes.reduce(-passedOver.bytes, +) : nil
        )
    }

    /// How many units were pulled so far, and inputs that cannot be read.
    var pulled: Int { state.withLock { $0.pulled } }

    /// How many of them were handed out.
    var handedOut: Int { state.withLock { $0.handedOut } }

    /// True when sources have left files out that can hold nothing of what is asked for.
    var hasPruned: Bool {
        let tally = tally
        return tally.pruned + tally.prunedFolders > 0
    }

    /// True when there is nothing more to pull.
    var isExhausted: Bool { isAtEnd.load(ordering: .acquiring) }

    /// What all sources came by so far.
    var tally: InputTally {
        sources.reduce(into: InputTally()) { $0 += $1.tally }
    }

    /// The files that were read more than once.
    var repeated: RepeatedFiles { state.withLock { $0.repeated } }
}

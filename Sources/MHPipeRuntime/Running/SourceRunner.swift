import Dispatch
import MHPipeIO
import MHPipeKit

/// One source of a run, on its own serial queue.
final class SourceRunner: Sendable {
    /// What was pulled before it was asked for, each with how many units there were by then.
    private struct Ahead {
        var pulled: [(next: Result<NextUnit, any Error>, total: UnitTotal?)] = []
        /// True while more is pulled, or is going to be.
        var isFilling = false
    }

    /// The source and its list, which its queue alone touches.
    private final class Box: @unchecked Sendable /* used on the runner's serial queue only */ {
        let list: any UnitList
        /// The source, when it wants to know what becomes of its units.
        private var acknowledged: (any AcknowledgedSource)?
        /// What was pulled, and is neither committed nor released.
        private var inFlight: [UnitID] = []
        /// What was pulled before it was asked for, which any thread takes.
        private let ahead = Locked(Ahead())
        private var pulled = 0
        /// Tells the units that are to be read; nil until any are.
        private var isWanted: ((any SourceUnit) -> Bool)?

        init(_ source: any Source) throws {
            list = try source.list()
            acknowledged = cast(source, to: (any AcknowledgedSource).self)
        }

        private var timer: (any DispatchSourceTimer)?

        /// Tells the source of what is in flight, as often as it wants.
        func start(_ queue: DispatchQueue, _ fail: @escaping @Sendable (any Error) -> Void) {
            guard let interval = acknowledged?.extendInterval?.dispatchInterval else { return }
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + interval, repeating: interval)
            timer.setEventHandler { [self] in
                do {
                    if !inFlight.isEmpty { try acknowledged?.extend(inFlight) }
                } catch {
                    fail(error)
                }
            }
            timer.activate()
            self.timer = timer
        }

        func commit(_ units: UnitTotals.Units) throws {
            if !units.read.isEmpty {
                try acknowledged?.committed(units.read)
                let read = Set(units.read)
                inFlight.removeAll(where: read.contains)
            }
            guard var source = acknowledged as? any SettlingSource else { return }
            defer { acknowledged = source }
            try source.settled(reported: units.reported)
        }

        func release() {
            timer?.cancel()
            timer = nil
            if !inFlight.isEmpty { acknowledged?.released(inFlight) }
            inFlight = []
            guard var source = acknowledged as? any SettlingSource else { return }
            source.ended()
            acknowledged = source
        }

        func pull() throws -> NextUnit {
            let next = try list.next()
            switch next {
            case .unit(let unit):
                pulled += 1
                if acknowledged != nil { inFlight.append(unit.id) }
                prepare(unit)
            case .unreadable: pulled += 1
            case .notYet, .end: break
            }
            return next
        }

        private func prepare(_ unit: any SourceUnit) {
            if list.readAhead > 0, isWanted?(unit) == true { unit.prepare() }
        }

        /// Prepares units from now on, and those that were pulled ahead.
        func startPreparing(_ isWanted: @escaping (any SourceUnit) -> Bool) {
            self.isWanted = isWanted
            for case (.success(.unit(let unit)), _) in ahead.withLock({ $0.pulled }) { prepare(unit) }
        }

        /// Pulls as many as the list wants to be ahead; what it answers instead of units, it is asked for again.
        func pullAhead() {
            defer { ahead.withLock { $0.isFilling = false } }
            while ahead.withLock({ $0.pulled.count }) < list.readAhead {
                let next = Result { try pull() }
                if case .success(.notYet) = next { return }
                if case .success(.end) = next { return }
                let total = list.total
                ahead.withLock { $0.pulled.append((next, total)) }
                if case .failure = next { return }
            }
        }

        /// The first of what was pulled ahead; nil when there is nothing.
        func takeAhead() -> (next: Result<NextUnit, any Error>, total: UnitTotal?)? {
            ahead.withLock { $0.pulled.isEmpty ? nil : $0.pulled.removeFirst() }
        }

        /// True, once, when a quarter of what may be ahead is gone: whoever is told has more pulled.
        func hasToFill() -> Bool {
            let most = list.readAhead
            return ahead.withLock { ahead in
                guard !ahead.isFilling, ahead.pulled.count < most - most / 4 else { return false }
                ahead.isFilling = true
                return true
            }
        }

        var tally: InputTally {
            if let list = list as? any FileListing {
                var tally = list.tally
                tally.waiting += ahead.withLock { $0.pulled.count }
                return tally
            }
            let unseen = max(0, (list.total?.units ?? 0) - pulled)
            return InputTally(seen: pulled + unseen, waiting: ahead.withLock { $0.pulled.count } + unseen)
        }
    }

    /// The source's name.
    let name: String
    /// True when it wants to know what becomes of its units.
    let isAcknowledged: Bool
    /// The events that are asked for; nil for all.
    let selection: EventSelection?
    private let queue: DispatchQueue
    private let box: Box

    /// Has a source begin to list.
    ///
    /// - Parameters:
    ///   - name: The source's name.
    ///   - source: The source.
    ///   - fail: Takes what it throws when it hears of units in flight.
    /// - Throws: What the source throws.
    init(_ name: String, _ source: any Source, fail: @escaping @Sendable (any Error) -> Void) throws {
        self.name = name
        isAcknowledged = type(of: source) is any AcknowledgedSource.Type
        selection = cast(source, to: (any SelectingSource).self)?.selection
        let queue = DispatchQueue(label: "mhpipe.source.\(name)")
        self.queue = queue
        box = try queue.sync {
            let box = try Box(source)
            box.start(queue, fail)
            return box
        }
    }

    /// Tells the source that all that came of its units is in its place.
    func commit(_ units: UnitTotals.Units) throws {
        try queue.sync { try box.commit(units) }
    }

    /// Gives back all units that were not committed, and leaves the source alone.
    func release() {
        queue.sync { box.release() }
    }

    /// Has units prepared from now on: those before were passed over.
    ///
    /// - Parameter isWanted: False for a unit that is not going to be read.
    func startPreparing(_ isWanted: @escaping @Sendable (any SourceUnit) -> Bool) {
        queue.sync { box.startPreparing(isWanted) }
    }

    /// The next unit, and how many there are, as far as that is known.
    func next() throws -> (next: NextUnit, total: UnitTotal?) {
        // What is there is taken without a word to the queue, which may be about to pull more. A `sync` that returns something
        // takes memory for each call, and this is one for each file.
        var pulled = box.takeAhead()
        if pulled == nil {
            queue.sync { pulled = box.takeAhead() ?? (Result { try box.pull() }, box.list.total) }
        }
        guard let (next, total) = pulled else { return (.end, nil) }
        if case .success(.unit) = next, box.hasToFill() { queue.async { [box] in box.pullAhead() } }
        return (try next.get(), total)
    }

    /// What there is to say of it when all was read.
    var remarks: [String] { queue.sync { (box.list as? any FileListing)?.remarks ?? [] } }

    /// What the source came by so far.
    var tally: InputTally { queue.sync { box.tally } }

    /// Its list, for what does not change in it.
    var list: any UnitList { box.list }
}

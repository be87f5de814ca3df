import Dispatch
import MHPipeKit
import MHPipePlan
import Synchronization

/// Takes units from the feed and carries each the whole way, from its bytes to what the sinks write.
///
/// A worker has a serial queue of its own and is touched by nothing else while it runs, so a batch stays in one core's
/// cache and nothing in it needs a lock.
final class Worker: @unchecked Sendable /* used on `queue` only, and by the run before it starts and after it ends */ {
    private let queue: DispatchQueue
    private let feed: UnitFeed
    private let state: RunState
    private let log: UnitLog
    private let chain: StageChain
    private let sourceNames: [String]
    private let settings: RunSettings
    private let windowBytes: Int
    private let proof: ObjectProof?
    private let hashes: Bool
    @exclusivity(unchecked) private var item: UnitFeed.Item?
    /// What the unit at hand adds to each of its events.
    private var column: UnitColumn?
    /// True once the unit at hand was found damaged.
    private var isDamaged = false
    /// The problems of the unit at hand that are not handed on yet.
    private var found: ProblemBatch
    /// The records of the unit at hand that could not be read.
    private var unreadRecords = 0
    /// True once the unit at hand could not be opened.
    private var isUnopened = false

    init(
        number: Int,
        plan: PipelinePlan,
        feed: UnitFeed,
        state: RunState,
        log: UnitLog,
        chain: StageChain,
        windowBytes: Int,
        proof: ObjectProof?,
        hashes: Bool
    ) {
        queue = DispatchQueue(label: "mhpipe.worker.\(number)", qos: .userInitiated)
        self.feed = feed
        self.state = state
        self.log = log
        found = log.makeBatch()
        self.chain = chain
        self.windowBytes = windowBytes
        self.proof = proof
        self.hashes = hashes
        sourceNames = plan.sources.map(\.name)
        settings = plan.settings
    }

    /// Starts the worker; the group is left when there is nothing more to do.
    func start(_ group: DispatchGroup) {
        feed.expectWorker()
        queue.async(group: group) { [self] in
            do {
                try work()
            } catch {
                state.fail(error)
            }
        }
    }

    /// What the worker counted; call it after the group is empty.
    var counts: StageCounts { chain.counts }

    /// The transforms that can say why they kept nothing; likewise.
    var explaining: [(transform: Int, instance: any ExplainingTransform)] { chain.explaining }

    /// What has counted something for the user; likewise.
    var tallyKeeping: [(stage: String, instance: any TallyKeeping)] { chain.tallyKeeping }

    /// What its stages have seen of the fields that they look for, with their names.
    var sought: [(stage: String, fields: SoughtFields)] { chain.sought }

    /// For each source, what has dropped the events that are not asked for; likewise.
    var selectors: [EventSelector?] { chain.selectors }

    private func work() throws {
        let reader = try UnitReader(
            consumer: self,
            settings: settings,
            windowBytes: windowBytes,
            proof: proof,
            hashes: hashes,
            bytesDone: { [state] in
                state.bytesDone.wrappingAdd($0, ordering: .relaxed)
            }
        )
        // What was handed out is worked on, since all that comes behind it waits for its end.
        var isFirst = true
        while !state.isStopped, let item = try feed.take(isFirst: isFirst) {
            isFirst = false
            try work(on: item, reader)
        }
        if !state.isStopped { try chain.finish() }
    }

    private func work(on item: UnitFeed.Item, _ reader: UnitReader) throws {
        unsafe self.item = item
        isDamaged = false
        isUnopened = false
        column = nil
        chain.begin(unit: item.number)
        var totals = UnitReader.Totals()
        let id: UnitID
        let facts: UnitFacts
        switch item.content {
        case .unreadable(let input):
            id = UnitID(input.name)
            facts = UnitFacts()
            let problem = InputProblem(scope: .path, file: input.name, reason: input.reason)
            isUnopened = true
            unsafe input.raw.withUnsafeBufferPointer {
                unsafe submit(problem, raw: $0, of: item, isKept: !input.comesAgain)
            }
        case .unit(let unit):
            id = unit.id
            var known: UnitFacts?
            totals = try reader.read(
                RetriedUnit(unit: unit, retries: state.retries) { [state] in state.isStopped },
                from: sourceNames[item.source],
                firstRecord: cast(unit, to: (any NumberedUnit).self)?.firstRecord ?? 0,
                onOpen: {
                    let facts = unit.facts
                    column = try facts.column.map { try column($0, of: unit) }
                    known = facts
                },
                drops: { [chain] in
                    // What is read of a column that hides a field is not what the record says.
                    let column = known?.column
                    if let column, EarlyDrops.isHidden(by: column.name) { return nil }
                    return chain.drops(of: item.source, hasColumn: column != nil)
                },
                isCut: { state.stop.isEnough && unit.size == nil },
                isStopped: { state.isStopped }
            )
            facts = known ?? unit.facts
            state.filesDone.wrappingAdd(1, ordering: .relaxed)
        }
        guard !state.isStopped else { return }
        if totals.isCut { state.noteCut() }
        try end(item, id, facts, totals)
        state.unitsDone.wrappingAdd(1, ordering: .relaxed)
    }

    /// Hands on all that is left of a unit, with what became of it.
    private func end(
        _ item: UnitFeed.Item,
        _ id: UnitID,
        _ facts: UnitFacts,
        _ totals: UnitReader.Totals
    ) throws {
        try chain.finishUnit()
        handOnProblems(of: item)
        let found = chain.counts.found
        if isUnopened {
            chain.counts.unopenedFiles += 1
        } else if !totals.isCut || found > 0 {
            // A pipe that was ended before it gave anything was not read.
            chain.counts.files += 1
        }
        chain.counts.bytesRead += totals.bytesRead
        chain.counts.bytesText += totals.bytesText
        if isDamaged { chain.counts.damagedFiles += 1 }
        let ending: UnitOutcome.Ending =
            if isUnopened { .unreadable } else if totals.isCut { .cut } else { isDamaged ? .damaged : .read }
        var outcome = UnitOutcome(
            source: sourceNames[item.source],
            id: id,
            facts: facts,
            ending: ending,
            events: found,
            quarantined: unreadRecords
        )
        outcome.content = totals.content
        unreadRecords = 0
        log.finish(outcome, chain.takeCounts(), unit: item.number, section: 0)
        chain.end(outcome, unit: item.number)
    }
}

extension Worker {
    private func column(_ facts: UnitFacts.Column, of unit: any SourceUnit) throws -> UnitColumn {
        guard let column = UnitColumn(facts) else {
            throw StageError(
                "the source says of '\(unit.name)' that '\(facts.name)' is no JSON text: \(facts.json.prefix(100))"
            )
        }
        return column
    }
}

extension Worker: DocumentConsumer {
    func take(_ batch: EventBatch) throws {
        guard let item = unsafe item else { return }
        chain.counts.found += batch.count
        state.events.wrappingAdd(batch.count, ordering: .relaxed)
        column?.add(to: batch)
        for rejected in try chain.take(batch, source: item.source) { found.append(rejected) }
        // Whoever watches hears of a problem soon after it was met.
        handOnProblems(of: item)
        batch.close()
    }

    func noteDropped(_ count: ProvenRecords.Dropped) {
        guard let item = unsafe item else { return }
        chain.counts.found += count.all
        state.events.wrappingAdd(count.all, ordering: .relaxed)
        chain.noteDropped(count, source: item.source)
    }

    func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) throws {
        guard let item = unsafe item else { return }
        if problem.record != nil {
            chain.counts.found += 1
            chain.counts.events.quarantined += 1
            unreadRecords += 1
        }
        if problem.scope == .file { isDamaged = true }
        if problem.scope == .path { isUnopened = true }
        unsafe submit(problem, raw: raw, of: item)
    }

    func noteHousekeeping() {
        chain.counts.housekeeping += 1
    }

    private func submit(
        _ problem: InputProblem,
        raw: UnsafeBufferPointer<UInt8>,
        of item: UnitFeed.Item,
        isKept: Bool = true
    ) {
        var problem = problem
        problem.source = sourceNames[item.source]
        unsafe found.append(problem, raw: raw, isKept: isKept)
        if log.endsAtFirst || found.weight >= ProblemBatch.fullBytes { handOnProblems(of: item) }
    }

    private func handOnProblems(of item: UnitFeed.Item) {
        guard !found.isEmpty else { return }
        log.submit(found, unit: item.number, section: 0)
        found = log.makeBatch()
    }
}

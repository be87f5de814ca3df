import MHPipeKit

/// An ordered transform of a run with all that runs behind it, on a serial queue.
///
/// It takes batches from the sections before it in the order of the units, and within a unit in the order of these
/// sections. It is the only one that gives events to what is behind it, so it is always the next in line there, and waits
/// for nothing but queues that empty by themselves.
final class OrderedStage: Sendable {
    /// What comes from a section before it.
    fileprivate enum Arrival: Sendable {
        case batch(HandedBatch, transform: Int, unit: Int)
        case unitEnd(UnitOutcome, unit: Int)
        case end(unit: Int)
    }

    /// A batch that owns its memory, on its way to another queue.
    fileprivate struct HandedBatch: @unchecked Sendable /* handed over, never shared */ {
        let batch: EventBatch
        let bytes: Int
    }

    /// The transform and the chain behind it, which the stage's queue alone touches.
    private final class Work: @unchecked Sendable /* used on the stage's serial queue only, and after the run */ {
        var transform: any OrderedTransform
        let chain: StageChain
        let head: Int
        private let output: Int
        private let section: Int
        private let name: String
        private let log: UnitLog
        private let committer: Committer?
        private let trace: (any StageTracing)?
        private var unit = 0

        init(
            _ transform: any OrderedTransform,
            _ chain: StageChain,
            head: Int,
            section: Int,
            output: Int,
            name: String,
            log: UnitLog,
            committer: Committer?,
            trace: (any StageTracing)?
        ) {
            self.committer = committer
            self.trace = trace
            self.transform = transform
            self.chain = chain
            self.head = head
            self.section = section
            self.output = output
            self.name = name
            self.log = log
        }

        func take(_ batch: EventBatch, transform number: Int, unit: Int) throws {
            begin(unit)
            guard number == head else { return report(try chain.take(batch, transform: number)) }
            let taken = batch.count
            chain.lookForFields(of: head, in: batch)
            trace?.willTake(batch, transform: head, reasoning: cast(transform, to: (any ReasoningTransform).self))
            try give { try transform.process(batch, into: $0) }
            chain.counts.transforms[head].countOrdered(batch, taken: taken)
            let rejections = batch.takeRejections()
            for event in rejections {
                trace?.rejected(event, transform: head)
                chain.counts.count(quarantined: event)
            }
            report(rejections.map { (stage: name, event: $0) })
        }

        func end(_ outcome: UnitOutcome, unit: Int) throws {
            begin(unit)
            try chain.finishUnit()
            log.finish(outcome, chain.takeCounts(), unit: unit, section: section)
            chain.end(outcome, unit: unit)
            if let committer, committer.isMarked(unit) { committer.add(try save(), ofStage: head) }
        }

        func save() throws -> [UInt8] {
            let state = OutputBuffer()
            try transform.save(into: state)
            return unsafe Array(state.bytes)
        }

        /// Ends the transform, behind the last unit.
        func end(unit: Int) throws {
            begin(unit)
            try give { try transform.finish(into: $0) }
            try chain.finish()
            try chain.finishUnit()
            log.finishSection(section, units: unit)
            chain.end(nil, unit: unit)
        }

        private func report(_ rejected: [StageChain.Rejected]) {
            guard !rejected.isEmpty else { return }
            let batch = log.makeBatch()
            for event in rejected { batch.append(event) }
            log.submit(batch, unit: unit, section: section)
        }

        private func begin(_ unit: Int) {
            self.unit = unit
            chain.begin(unit: unit)
        }

        private func give(_ work: (EventOutput) throws -> Void) throws {
            let events = EventOutput { [self] batch in
                trace?.gave(batch, transform: head, port: 0)
                report(try chain.take(batch, output: output))
            }
            try work(events)
            try events.finish()
            chain.counts.transforms[head].eventsOut += events.passed
            chain.counts.transforms[head].portsOut[0] += events.passed
            chain.counts.transforms[head].made += events.made
            chain.counts.transforms[head].drops += events.drops
            chain.counts.made += events.made
        }
    }

    private let work: Work
    private let queue: OrderedQueue<Arrival>
    private let producers: [Int]
    private let number: Int
    private let budget: ByteBudget
    private let state: RunState

    /// Takes the transform that begins the section of that number, `chain`, which runs behind it, and its `number` among
    /// those that wait for bytes.
    init(
        section: Int,
        graph: StageGraph,
        name: String,
        transform: any OrderedTransform,
        chain: StageChain,
        number: Int,
        state: RunState,
        budget: ByteBudget,
        log: UnitLog,
        committer: Committer?,
        trace: (any StageTracing)?
    ) {
        let head = graph.sections[section].head ?? 0
        let work = Work(
            transform,
            chain,
            head: head,
            section: section,
            output: graph.outputs[head].lowerBound,
            name: name,
            log: log,
            committer: committer,
            trace: trace
        )
        self.work = work
        producers = graph.sections[section].producers
        self.number = number
        self.budget = budget
        self.state = state
        queue = OrderedQueue(
            label: "mhpipe.ordered.\(name)",
            weight: { $0.bytes },
            onHold: { budget.hold($0.bytes) },
            onQueue: { budget.queue($0.bytes, sink: number, wereHeld: $1) },
            deliver: { arrival in
                defer { budget.release(arrival.bytes, sink: number) }
                guard !state.isStopped else { return }
                do {
                    switch arrival {
                    case .batch(let handed, let transform, let unit):
                        try work.take(handed.batch, transform: transform, unit: unit)
                    case .unitEnd(let outcome, let unit): try work.end(outcome, unit: unit)
                    case .end(let unit): try work.end(unit: unit)
                    }
                } catch {
                    state.fail(error)
                }
            }
        )
    }

    /// Takes a batch that owns its memory for one of the section's transforms; waits while too much is in flight.
    func submit(_ batch: EventBatch, to transform: Int, unit: Int, section: Int) {
        guard let slot = slot(unit, section) else { return }
        let handed = HandedBatch(batch: batch, bytes: batch.byteCount)
        budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
        queue.submit(.batch(handed, transform: transform, unit: unit), unit: slot)
    }

    /// Takes note that a section has nothing more of a unit, or nothing more at all.
    ///
    /// - Parameters:
    ///   - outcome: What became of the unit; nil behind the last one.
    ///   - unit: The unit's number, or the one behind the last.
    ///   - section: The section.
    func finish(_ outcome: UnitOutcome?, unit: Int, section: Int) {
        guard let slot = slot(unit, section) else { return }
        if section == producers.last {
            budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
            queue.submit(outcome.map { .unitEnd($0, unit: unit) } ?? .end(unit: unit), unit: slot)
        }
        queue.finish(unit: slot)
        budget.wake()
    }

    /// The number of its transform in the plan.
    var head: Int { work.head }

    /// What the transform knows, once all that was handed over is through.
    func save() throws -> [UInt8] { try queue.sync { [work] in try work.save() } }

    /// Waits until all that was handed over is through.
    func drain() {
        queue.sync {}
    }

    /// What was counted; call it when the run has ended.
    var counts: StageCounts { work.chain.counts }

    /// What runs behind it and can say why it kept nothing; likewise.
    var explaining: [(transform: Int, instance: any ExplainingTransform)] { work.chain.explaining }

    /// What runs behind it and has counted something for the user; likewise.
    var tallyKeeping: [(stage: String, instance: any TallyKeeping)] { work.chain.tallyKeeping }

    /// What it and the stages behind it have seen of the fields that they look for, with their names.
    var sought: [(stage: String, fields: SoughtFields)] { work.chain.sought }

    /// The place in line of a section's part of a unit; nil when it gives nothing to this stage.
    private func slot(_ unit: Int, _ section: Int) -> Int? {
        producers.firstIndex(of: section).map { unit * producers.count + $0 }
    }
}

extension OrderedStage.Arrival {
    /// What it counts for in the budget.
    fileprivate var bytes: Int {
        switch self {
        case .batch(let handed, _, _): handed.bytes
        case .unitEnd(let outcome, _): outcome.weight
        case .end: 0
        }
    }
}

import MHPipeKit
import MHPipePlan

/// The transforms and encoders of one section on one queue, and the way of a batch through them.
final class StageChain {
    /// What a stage could not work on, with its name.
    typealias Rejected = (stage: String, event: EventRejection)

    private let graph: StageGraph
    private let section: StageGraph.Section
    private let number: Int
    private let transformNames: [String]
    private let sinkNames: [String]
    /// For each transform of the section, in the order of its steps.
    private let runners: [any TransformRunner]
    /// For each sink of the section, likewise.
    private var encoders: [any EventEncoder]
    private var buffers: [OutputBuffer]
    private let sinks: [SinkRunner]
    /// For each source, what drops the events that are not asked for.
    let selectors: [EventSelector?]
    /// For each source, which of its events need not be read; nil while all are.
    private var drops: [EarlyDrops?]
    /// What transforms of the section look for, by their numbers in the plan, and what its sinks do.
    private var soughtByTransforms: [SoughtFields?]
    private var soughtBySinks: [SoughtFields]
    /// The same by the selection of the source alone, and by what becomes of all others.
    private let selectionDrops: [EarlyDrops?]
    /// The ordered stages that the later sections begin with.
    private let later: [OrderedStage]
    private let pool: BufferPool
    private let trace: (any StageTracing)?
    private var unit = 0
    /// What each output has of the batch at hand: a batch for each way that leads to it.
    private var given: [[EventBatch]]
    /// What stages rejected of the batch at hand.
    private var rejected: [Rejected] = []

    var counts: StageCounts
    private let none: StageCounts

    /// Encoded bytes that are collected before they go to a sink.
    private static let flushBytes = 256 << 10

    /// Makes a section's instances: `parts` are what the run has made for it, `later` all the ordered stages that the
    /// sections behind it begin with.
    init(section: Int, plan: PipelinePlan, graph: StageGraph, parts: StageParts, later: [OrderedStage]) throws {
        number = section
        self.graph = graph
        self.section = graph.sections[section]
        transformNames = plan.transforms.map(\.name)
        sinkNames = plan.sinks.map(\.name)
        runners = try self.section.transforms.map { try parts.runner(plan.transforms[$0.stage]) }
        encoders = try self.section.sinks.map { try parts.encoder($0.stage) }
        sinks = parts.sinks
        selectors = parts.selections.map { $0.map { EventSelector($0) } }
        drops = plan.sources.map { _ in nil }
        soughtByTransforms = plan.transforms.map { _ in nil }
        soughtBySinks = self.section.sinks.map { SoughtFields(plan.sinks[$0.stage].namedFields) }
        if let head = self.section.head { soughtByTransforms[head] = SoughtFields(plan.transforms[head].namedFields) }
        for (step, runner) in zip(self.section.transforms, runners) {
            soughtByTransforms[step.stage] = SoughtFields(
                plan.transforms[step.stage].namedFields,
                besides: runner.certainTests
            )
        }
        let section = self.section
        let copies =
            section.transforms.isEmpty && section.exports.isEmpty
            && encoders.allSatisfy { cast($0, to: (any RecordCopying).self)?.copiesRecords == true }
        selectionDrops = selectors.map { EarlyDrops([], selector: $0, copies: copies) }
        self.later = later
        pool = parts.pool
        trace = parts.trace
        let pool = pool
        buffers = encoders.map { _ in pool.take() }
        given = Array(repeating: [], count: graph.outputCount)
        none = StageCounts(plan)
        counts = none
    }

    /// The transforms that can say why they kept nothing, with their numbers in the plan.
    var explaining: [(transform: Int, instance: any ExplainingTransform)] {
        zip(section.transforms, runners).compactMap { step, runner in runner.explaining.map { (step.stage, $0) } }
    }

    /// The stages that count what the user should hear of, with their names.
    var tallyKeeping: [(stage: String, instance: any TallyKeeping)] {
        let transforms = zip(section.transforms, runners).compactMap { step, runner in
            runner.tallyKeeping.map { (transformNames[step.stage], $0) }
        }
        let sinks = zip(section.sinks, encoders).compactMap { step, encoder -> (String, any TallyKeeping)? in
            cast(encoder, to: (any TallyKeeping).self).map { (sinkNames[step.stage], $0) }
        }
        return transforms + sinks
    }

    /// What stages have seen of the fields that they look for, with their names.
    var sought: [(stage: String, fields: SoughtFields)] {
        zip(transformNames, soughtByTransforms).compactMap { name, fields in fields.map { (name, $0) } }
            + zip(section.sinks, soughtBySinks).map { (sinkNames[$0.stage], $1) }
    }

    /// Looks in a batch for what a transform looks for, before that has changed it.
    func lookForFields(of transform: Int, in batch: EventBatch) { soughtByTransforms[transform]?.look(at: batch) }

    func begin(unit: Int) {
        self.unit = unit
    }

    /// Sends a batch of a source through all stages of the section.
    ///
    /// - Returns: The events that a stage could not work on.
    func take(_ batch: EventBatch, source: Int) throws -> [Rejected] {
        let taken = batch.count
        if let trace {
            batch.startMarks()
            trace.read(batch, from: source)
        }
        if let selector = selectors[source] { counts.sources[source].withoutField += selector.apply(to: batch) }
        counts.sources[source].count(batch, taken: taken)
        guard !batch.isEmpty else { return [] }
        if let trace { trace.selected(batch, of: source) } else if graph.branches { batch.startMarks() }
        return try take(batch, output: source)
    }

    /// Which events of a source all stages drop that take them, once these can tell, and which are only copied; nil while all
    /// have to be read.
    ///
    /// - Parameters:
    ///   - source: Its place in the plan.
    ///   - hasColumn: True where the unit adds a column, whose key may hide one of a record's own.
    /// - Returns: What is known of them.
    func drops(of source: Int, hasColumn: Bool) -> EarlyDrops? {
        // Nobody could follow what was never read.
        guard trace == nil else { return nil }
        let drops = drops(of: source)
        drops?.isOutlining = !hasColumn
        return drops
    }

    private func drops(of source: Int) -> EarlyDrops? {
        if let known = drops[source] { return known }
        guard number == 0 else { return nil }
        if let steps = graph.firstSteps(behind: source), case let tests = steps.compactMap({ runners[$0].dropTests }),
            tests.count == steps.count
        {
            drops[source] = EarlyDrops(tests, selector: selectors[source])
        }
        return drops[source] ?? selectionDrops[source]
    }

    /// Counts events of a source that were dropped before they came here, as if they had.
    func noteDropped(_ count: ProvenRecords.Dropped, source: Int) {
        counts.sources[source].eventsIn += count.all
        counts.sources[source].drops.count(count.unselected, as: .filtered)
        counts.sources[source].eventsOut += count.filtered
        guard count.filtered > 0, let hasSeen = drops[source]?.hasSeen else { return }
        for (stage, step) in (graph.firstSteps(behind: source) ?? []).enumerated() {
            counts.transforms[section.transforms[step].stage].eventsIn += count.filtered
            counts.transforms[section.transforms[step].stage].drops.count(count.filtered, as: .filtered)
            if hasSeen[stage] { runners[step].noteDropped() }
        }
    }

    /// Sends a batch that an output has given through what comes behind it.
    func take(_ batch: EventBatch, output: Int) throws -> [Rejected] {
        batch.unit = unit
        return try pass { given[output].append(batch) }
    }

    /// Sends a batch of an earlier section through a transform, and what comes behind it.
    func take(_ batch: EventBatch, transform: Int) throws -> [Rejected] {
        batch.unit = unit
        return try pass {
            guard let step = section.transforms.firstIndex(where: { $0.stage == transform }) else { return }
            try run(step, [batch])
        }
    }

    /// Rounds off what was encoded of the unit, and hands it to the sinks.
    func finishUnit() throws {
        for (place, step) in section.sinks.enumerated() where !sinks[step.stage].hasEnded {
            let before = buffers[place].count
            try encoders[place].finishUnit(into: buffers[place])
            counts.sinks[step.stage].bytesOut += buffers[place].count - before
            flush(place)
        }
    }

    /// Tells all that take from this section that a unit has nothing more for them, or that nothing more comes at all.
    ///
    /// - Parameters:
    ///   - outcome: What became of the unit; nil behind the last one.
    ///   - unit: The unit's number.
    func end(_ outcome: UnitOutcome?, unit: Int) {
        for step in section.sinks { sinks[step.stage].finish(outcome, number: unit, section: number) }
        for stage in later { stage.finish(outcome, unit: unit, section: number) }
    }

    /// What was counted since the last call.
    func takeCounts() -> StageCounts {
        defer { counts = none }
        return counts
    }

    /// Lets the transforms end what they have begun, after the last unit.
    func finish() throws {
        for runner in runners { try runner.finish() }
    }

    private func pass(_ begin: () throws -> Void) throws -> [Rejected] {
        try begin()
        for step in section.transforms.indices { try run(step, ways(to: section.transforms[step].inputs)) }
        for place in section.sinks.indices { try encode(place) }
        for export in section.exports { try hand(export) }
        // Not every output has a stage that takes its events.
        for output in given.indices { given[output].removeAll(keepingCapacity: true) }
        return rejected.isEmpty ? [] : takeRejected()
    }

    private func takeRejected() -> [Rejected] {
        defer { rejected.removeAll() }
        // Stage by stage, the order would depend on how many events a batch has.
        let rejected = rejected.enumerated()
            .sorted { ($0.element.event.row, $0.offset) < ($1.element.event.row, $1.offset) }
            .map(\.element)
        for (_, event) in rejected { counts.count(quarantined: event) }
        return rejected
    }

    /// The batches by all ways that lead to a stage, in the order of its inputs; each is the stage's own to change.
    private func ways(to inputs: [StageGraph.Input]) -> [EventBatch] {
        var ways: [EventBatch] = []
        for input in inputs {
            guard input.isLast else {
                ways += given[input.output].map { $0.fork() }
                continue
            }
            ways += given[input.output]
            given[input.output].removeAll(keepingCapacity: true)
        }
        return ways
    }

    private func run(_ step: Int, _ ways: [EventBatch]) throws {
        let transform = section.transforms[step].stage
        for (way, batch) in ways.enumerated() {
            let taken = batch.count
            let window = batch.window
            lookForFields(of: transform, in: batch)
            trace?.willTake(batch, transform: transform, reasoning: runners[step].reasoning)
            let batches = try runners[step].process(batch)
            // What it has put in the place of the records is in memory that it uses again for the next batch.
            if way < ways.count - 1, batch.window !== window { batch.keepRecords() }
            counts.transforms[transform].count(batch, taken: taken)
            if let trace { for event in batch.rejections { trace.rejected(event, transform: transform) } }
            noteRejections(batch, by: transformNames[transform])
            for (port, batch) in batches.enumerated() where batch.count > 0 {
                trace?.gave(batch, transform: transform, port: port)
                counts.transforms[transform].portsOut[port] += batch.count
                given[graph.outputs[transform].lowerBound + port].append(batch)
            }
        }
    }

    private func encode(_ place: Int) throws {
        let sink = section.sinks[place].stage
        for batch in EventBatch.merged(ways(to: section.sinks[place].inputs)) {
            // An event that reaches a sink is kept, whether or not somebody still reads what the sink writes.
            if sinks[sink].hasEnded {
                counts.sinks[sink].eventsIn += batch.count
            } else {
                try encode(batch, place)
            }
            if graph.branches {
                for row in batch.selection { batch.mark(ofRow: row)?.keep(&counts.events) }
            } else {
                counts.events.kept += batch.count
            }
        }
    }

    private func encode(_ batch: EventBatch, _ place: Int) throws {
        let sink = section.sinks[place].stage
        let buffer = buffers[place]
        let (before, taken) = (buffer.count, batch.count)
        soughtBySinks[place].look(at: batch)
        trace?.willTake(batch, sink: sink)
        try encoders[place].encode(batch, into: buffer)
        if let trace { for event in batch.rejections { trace.rejected(event, sink: sink) } }
        counts.sinks[sink].count(batch, taken: taken)
        noteRejections(batch, by: sinkNames[sink])
        counts.sinks[sink].bytesOut += buffer.count - before
        if buffer.count >= Self.flushBytes { flush(place) }
    }

    private func noteRejections(_ batch: EventBatch, by stage: String) {
        guard !batch.rejections.isEmpty else { return }
        rejected += batch.takeRejections().map { (stage: stage, event: $0) }
    }

    /// Hands copies of what a transform of a later section takes to that section.
    private func hand(_ export: StageGraph.Step) throws {
        let stage = later[graph.transformSections[export.stage] - number - 1]
        for batch in EventBatch.merged(ways(to: export.inputs)) where !batch.isEmpty {
            stage.submit(batch.detached(), to: export.stage, unit: unit, section: number)
        }
    }

    private func flush(_ place: Int) {
        let buffer = buffers[place]
        guard !buffer.isEmpty else { return }
        let sink = sinks[section.sinks[place].stage]
        guard buffer.count > buffer.capacityInBytes / 2 else {
            // Until a sink has had enough of small outputs to be woken, each would keep a buffer of full size.
            sink.submit(OutputBuffer(copying: buffer), unit: unit, section: number)
            return buffer.removeAll()
        }
        sink.submit(buffer, unit: unit, section: number)
        buffers[place] = pool.take()
    }
}

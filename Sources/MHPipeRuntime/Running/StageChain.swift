import MHPipeKit

/// One worker's transforms and encoders, and the way of a batch through them.
final class StageChain {
    private let graph: StageGraph
    private var transforms: [any Transform]
    private var encoders: [any EventEncoder]
    private var buffers: [OutputBuffer]
    private let sinks: [SinkRunner]
    private let pool: BufferPool
    private var unit = 0
    /// What each source and transform has given of the batch at hand: a batch for each way that leads to it.
    private var given: [[EventBatch]]
    /// For each row of the batch at hand, whether a sink has taken it; used when ways branch.
    private var marks: [Bool] = []
    /// What stages rejected of the batch at hand, with the stage that did.
    private var rejected: [(stage: String, event: EventRejection)] = []
    private let transformNames: [String]
    private let sinkNames: [String]

    var counts: StageCounts

    /// Encoded bytes that are collected before they go to a sink.
    private static let flushBytes = 256 << 10

    init(
        plan: PipelinePlan,
        graph: StageGraph,
        transforms: [any Transform],
        encoders: [any EventEncoder],
        sinks: [SinkRunner],
        pool: BufferPool
    ) {
        self.graph = graph
        transformNames = plan.transforms.map(\.name)
        sinkNames = plan.sinks.map(\.name)
        self.transforms = transforms
        self.encoders = encoders
        self.sinks = sinks
        self.pool = pool
        buffers = encoders.map { _ in pool.take() }
        given = Array(repeating: [], count: plan.sources.count + transforms.count)
        counts = StageCounts(sources: plan.sources.count, transforms: plan.transforms.count, sinks: plan.sinks.count)
    }

    /// Begins another unit.
    func begin(unit: Int) {
        self.unit = unit
    }

    /// Sends a batch through all stages behind a source.
    ///
    /// - Returns: The events that a stage could not work on.
    func take(_ batch: EventBatch, source: Int) throws -> [(stage: String, event: EventRejection)] {
        counts.sources[source].eventsIn += batch.count
        counts.sources[source].eventsOut += batch.count
        if graph.branches {
            marks.removeAll(keepingCapacity: true)
            marks.append(contentsOf: repeatElement(false, count: batch.rowCount))
        }
        given[source].append(batch)
        for transform in transforms.indices { try run(transform) }
        for sink in encoders.indices { try encode(sink) }
        // Not every stage has one that takes its events.
        for stage in given.indices { given[stage].removeAll(keepingCapacity: true) }
        if graph.branches { counts.kept += marks.count { $0 } }
        return rejected.isEmpty ? [] : takeRejected()
    }

    private func takeRejected() -> [(stage: String, event: EventRejection)] {
        defer { rejected.removeAll() }
        // Stage by stage, the order would depend on how many events a batch has.
        let rejected = rejected.enumerated()
            .sorted { ($0.element.event.row, $0.offset) < ($1.element.event.row, $1.offset) }
            .map(\.element)
        // What another way has kept, or two ways have rejected, is one event all the same.
        let rows = Set(rejected.map(\.event.row))
        let kept = graph.branches ? rows.count { marks[$0] } : 0
        counts.quarantined += rows.count - kept
        counts.rejected += kept
        return rejected
    }

    /// Rounds off what was encoded of the unit, and hands it to the sinks.
    func finishUnit() throws {
        for sink in sinks.indices where !sinks[sink].hasEnded {
            let before = buffers[sink].count
            try encoders[sink].finishUnit(into: buffers[sink])
            counts.sinks[sink].bytesOut += buffers[sink].count - before
            flush(sink)
        }
    }

    /// Lets the transforms end what they have begun, after the last unit.
    func finish() throws {
        for transform in transforms.indices { try transforms[transform].finish() }
    }

    /// The batches by all ways that lead to a stage, in the order of its inputs; each is the stage's own to change.
    private func ways(to inputs: [StageGraph.Input]) -> [EventBatch] {
        var ways: [EventBatch] = []
        for input in inputs {
            guard input.isLast else {
                ways += given[input.stage].map { $0.fork() }
                continue
            }
            ways += given[input.stage]
            given[input.stage].removeAll(keepingCapacity: true)
        }
        return ways
    }

    private func run(_ transform: Int) throws {
        let ways = ways(to: graph.transformInputs[transform])
        for (way, batch) in ways.enumerated() {
            counts.transforms[transform].eventsIn += batch.count
            let window = batch.window
            try transforms[transform].process(batch)
            // What it has put in the place of the records is in memory that it uses again for the next batch.
            if way < ways.count - 1, batch.window !== window { batch.keepRecords() }
            noteRejections(batch, by: transformNames[transform])
            counts.transforms[transform].eventsOut += batch.count
            if batch.count > 0 { given[counts.sources.count + transform].append(batch) }
        }
    }

    private func encode(_ sink: Int) throws {
        for batch in EventBatch.merged(ways(to: graph.sinkInputs[sink])) {
            counts.sinks[sink].eventsIn += batch.count
            // An event that reaches a sink is kept, whether or not somebody still reads what the sink writes.
            if !sinks[sink].hasEnded { try encode(batch, sink) }
            if graph.branches {
                for row in batch.selection { marks[row] = true }
            } else {
                counts.kept += batch.count
            }
        }
    }

    private func encode(_ batch: EventBatch, _ sink: Int) throws {
        let buffer = buffers[sink]
        let before = buffer.count
        try encoders[sink].encode(batch, into: buffer)
        noteRejections(batch, by: sinkNames[sink])
        counts.sinks[sink].eventsOut += batch.count
        counts.sinks[sink].bytesOut += buffer.count - before
        if buffer.count >= Self.flushBytes { flush(sink) }
    }

    private func noteRejections(_ batch: EventBatch, by stage: String) {
        guard !batch.rejections.isEmpty else { return }
        rejected += batch.takeRejections().map { (stage: stage, event: $0) }
    }

    private func flush(_ sink: Int) {
        guard !buffers[sink].isEmpty else { return }
        sinks[sink].submit(buffers[sink], unit: unit)
        buffers[sink] = pool.take()
    }
}

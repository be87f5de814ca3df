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
    /// For each row of the batch at hand, whether a sink has taken it; used when ways branch.
    private var marks: [Bool] = []
    /// What transforms rejected of the batch at hand, with the stage that did.
    private var rejected: [(stage: String, event: EventRejection)] = []
    private let transformNames: [String]

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
        self.transforms = transforms
        self.encoders = encoders
        self.sinks = sinks
        self.pool = pool
        buffers = encoders.map { _ in pool.take() }
        counts = StageCounts(sources: plan.sources.count, transforms: plan.transforms.count, sinks: plan.sinks.count)
    }

    /// Begins another unit.
    func begin(unit: Int) {
        self.unit = unit
    }

    /// Sends a batch through all stages behind a source.
    ///
    /// - Returns: The events that a transform could not work on.
    func take(_ batch: EventBatch, source: Int) throws -> [(stage: String, event: EventRejection)] {
        counts.sources[source].eventsIn += batch.count
        counts.sources[source].eventsOut += batch.count
        if graph.branches {
            marks.removeAll(keepingCapacity: true)
            marks.append(contentsOf: repeatElement(false, count: batch.rowCount))
        }
        try send(batch, to: graph.afterSource[source])
        if graph.branches { counts.kept += marks.count { $0 } }
        return rejected.isEmpty ? [] : takeRejected()
    }

    private func takeRejected() -> [(stage: String, event: EventRejection)] {
        defer { rejected.removeAll() }
        // What another way has kept, or two ways have rejected, is one event all the same.
        let rows = Set(rejected.map(\.event.row))
        counts.quarantined += graph.branches ? rows.count { !marks[$0] } : rows.count
        return rejected
    }

    /// Rounds off what was encoded of the unit, and hands it to the sinks.
    func finishUnit() throws {
        for sink in sinks.indices {
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

    private func send(_ batch: EventBatch, to nodes: [StageGraph.Node]) throws {
        for (number, node) in nodes.enumerated() {
            // All but the last get a batch of their own to change.
            let own = number == nodes.count - 1 ? batch : batch.fork()
            switch node {
            case .transform(let transform): try run(transform, own)
            case .sink(let sink): try encode(own, sink)
            }
        }
    }

    private func run(_ transform: Int, _ batch: EventBatch) throws {
        counts.transforms[transform].eventsIn += batch.count
        try transforms[transform].process(batch)
        if !batch.rejections.isEmpty {
            rejected += batch.takeRejections().map { (stage: transformNames[transform], event: $0) }
        }
        counts.transforms[transform].eventsOut += batch.count
        if batch.count > 0 { try send(batch, to: graph.afterTransform[transform]) }
    }

    private func encode(_ batch: EventBatch, _ sink: Int) throws {
        let buffer = buffers[sink]
        let before = buffer.count
        try encoders[sink].encode(batch, into: buffer)
        counts.sinks[sink].eventsIn += batch.count
        counts.sinks[sink].eventsOut += batch.count
        counts.sinks[sink].bytesOut += buffer.count - before
        if graph.branches {
            for row in batch.selection { marks[row] = true }
        } else {
            counts.kept += batch.count
        }
        if buffer.count >= Self.flushBytes { flush(sink) }
    }

    private func flush(_ sink: Int) {
        guard !buffers[sink].isEmpty else { return }
        sinks[sink].submit(buffers[sink], unit: unit)
        buffers[sink] = pool.take()
    }
}

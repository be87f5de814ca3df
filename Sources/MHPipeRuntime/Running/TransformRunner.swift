import MHPipeKit

/// A transform of a chain, and what it gives of a batch.
protocol TransformRunner: AnyObject {
    /// Works on a batch; the batches for each of its outputs.
    func process(_ batch: EventBatch) throws -> [EventBatch]

    /// Ends what it has begun, after the last batch.
    func finish() throws

    /// What is certain to be dropped; nil while that is not known, or nothing.
    var dropTests: [FieldTest]? { get }

    /// What that will be once it is known.
    var certainTests: [FieldTest] { get }

    /// Takes note that such events were dropped.
    func noteDropped()

    /// The transform, when it can say why it kept nothing.
    var explaining: (any ExplainingTransform)? { get }

    /// The transform, when it counts what the user should hear of.
    var tallyKeeping: (any TallyKeeping)? { get }
}

/// A transform with one output.
final class PlainRunner: TransformRunner {
    private var transform: any Transform
    private let isEarlyDropping: Bool

    init(_ transform: any Transform) {
        self.transform = transform
        isEarlyDropping = type(of: transform) is any EarlyDropping.Type
    }

    func process(_ batch: EventBatch) throws -> [EventBatch] {
        try transform.process(batch)
        return [batch]
    }

    func finish() throws { try transform.finish() }

    // Asked between any two windows.
    private var dropping: (any EarlyDropping)? {
        isEarlyDropping ? cast(transform, to: (any EarlyDropping).self) : nil
    }

    var dropTests: [FieldTest]? { dropping?.dropTests }

    var certainTests: [FieldTest] { dropping?.certainTests ?? [] }

    func noteDropped() {
        guard var dropping else { return }
        dropping.noteDropped()
        transform = dropping
    }

    var explaining: (any ExplainingTransform)? { cast(transform, to: (any ExplainingTransform).self) }

    var tallyKeeping: (any TallyKeeping)? { cast(transform, to: (any TallyKeeping).self) }
}

/// A transform with ports.
final class RoutingRunner: TransformRunner {
    private var transform: any RoutingTransform
    private let outputs: PortOutputs

    init(_ transform: any RoutingTransform, ports: Int) {
        self.transform = transform
        outputs = PortOutputs(ports: ports)
    }

    func process(_ batch: EventBatch) throws -> [EventBatch] {
        try transform.process(batch, into: outputs)
        let batches = outputs.take(of: batch)
        // What was sent nowhere is dropped, so that the batch has what went on.
        let sent = Set(batches.flatMap(\.selection))
        batch.keepRows(sent.contains)
        return batches
    }

    func finish() {}

    var dropTests: [FieldTest]? { nil }
    var certainTests: [FieldTest] { [] }
    func noteDropped() {}

    var explaining: (any ExplainingTransform)? { nil }
    var tallyKeeping: (any TallyKeeping)? { cast(transform, to: (any TallyKeeping).self) }
}

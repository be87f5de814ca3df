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

    init(_ transform: any Transform) {
        self.transform = transform
    }

    func process(_ batch: EventBatch) throws -> [EventBatch] {
        try transform.process(batch)
        return [batch]
    }

    func finish() throws { try transform.finish() }

    // A cast that fails costs much more of a value than of its type, since more is tried.

    var dropTests: [FieldTest]? {
        guard type(of: transform) is any EarlyDropping.Type else { return nil }
        return (transform as? any EarlyDropping)?.dropTests
    }

    var certainTests: [FieldTest] { (transform as? any EarlyDropping)?.certainTests ?? [] }

    func noteDropped() {
        guard var dropping = transform as? any EarlyDropping else { return }
        dropping.noteDropped()
        transform = dropping
    }

    var explaining: (any ExplainingTransform)? { transform as? any ExplainingTransform }

    var tallyKeeping: (any TallyKeeping)? {
        type(of: transform) is any TallyKeeping.Type ? transform as? any TallyKeeping : nil
    }
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
    var tallyKeeping: (any TallyKeeping)? { transform as? any TallyKeeping }
}

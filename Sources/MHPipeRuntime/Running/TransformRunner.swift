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

    /// The transform, when it can say of an event what it goes by.
    var reasoning: (any ReasoningTransform)? { get }
}

/// A transform with one output.
final class PlainRunner: TransformRunner {
    /// The transform, unless it can tell early.
    private var plain: (any Transform)?
    /// The transform, when it can: it is asked between any two windows, and a cast would copy it each time.
    private var dropping: (any EarlyDropping)?

    init(_ transform: any Transform) {
        dropping = cast(transform, to: (any EarlyDropping).self)
        plain = dropping == nil ? transform : nil
    }

    func process(_ batch: EventBatch) throws -> [EventBatch] {
        try plain?.process(batch)
        try dropping?.process(batch)
        return [batch]
    }

    func finish() throws {
        try plain?.finish()
        try dropping?.finish()
    }

    var dropTests: [FieldTest]? { dropping?.dropTests }

    var certainTests: [FieldTest] { dropping?.certainTests ?? [] }

    func noteDropped() { dropping?.noteDropped() }

    var explaining: (any ExplainingTransform)? { (plain ?? dropping) as? any ExplainingTransform }

    var tallyKeeping: (any TallyKeeping)? { (plain ?? dropping) as? any TallyKeeping }

    var reasoning: (any ReasoningTransform)? { (plain ?? dropping) as? any ReasoningTransform }
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
    var reasoning: (any ReasoningTransform)? { cast(transform, to: (any ReasoningTransform).self) }
}

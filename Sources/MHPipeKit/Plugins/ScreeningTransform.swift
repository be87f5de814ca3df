/// A transform that can tell by an event's `eventSource` alone that it would drop it.
///
/// Where such a transform is the only stage behind a source, the runtime asks it before records are taken apart: one
/// that it would drop is counted, and passed over.
package protocol ScreeningTransform: Transform {
    /// What is certain from the source alone; nil when nothing is.
    var screen: EventSourceScreen? { get }
}

/// What a transform knows of events by their `eventSource`.
package struct EventSourceScreen: Sendable {
    /// False when every event with this source would be dropped.
    ///
    /// Called on a worker's queue, once for every record; the bytes are those between the quotes, without escapes.
    package let mayKeep: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool

    package init(mayKeep: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Bool) {
        self.mayKeep = mayKeep
    }
}

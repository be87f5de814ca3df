/// A transform that can tell by the texts of a few fields alone that it drops an event.
///
/// Where all stages that take the events of a source can, the runtime proves of a record that it is sound, and when each of
/// them would drop it, it gets no further: it is counted as if it had been there.
package protocol EarlyDropping: Transform {
    /// Tests in order, of which one that drops an event is enough; nil while the transform wants to see what it drops.
    ///
    /// Asked between batches; once there are some, they stay the same. The runtime may use the first of them only.
    var dropTests: [FieldTextTest]? { get }

    /// Takes note that there were events which it would have dropped, with a text in the field of the first test.
    mutating func noteDropped()
}

/// Whether events are dropped by the text of one of their fields.
@safe
package struct FieldTextTest {
    package let field: KnownField
    /// True when every event with this text is dropped; asked of texts that are not empty, and written without escapes.
    package let drops: (UnsafeBufferPointer<UInt8>) -> Bool

    package init(_ field: KnownField, drops: @escaping (UnsafeBufferPointer<UInt8>) -> Bool) {
        self.field = field
        unsafe self.drops = unsafe drops
    }
}

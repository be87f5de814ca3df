/// A transform that can tell by a few fields alone that it drops an event.
///
/// Where all stages that take the events of a source can, the runtime proves of a record that it is sound, and when each of
/// them would drop it, it gets no further: it is counted as if it had been there.
package protocol EarlyDropping: Transform {
    /// Tests in order, of which one that drops an event is enough; nil while the transform wants to see what it drops.
    ///
    /// Asked between batches; once there are some, they stay the same. The runtime may use the first of them only.
    var dropTests: [FieldTest]? { get }

    /// What `dropTests` is once it is there.
    var certainTests: [FieldTest] { get }

    /// Takes note that there were events which it would have dropped, with a value in the field of the first test.
    mutating func noteDropped()
}

extension EarlyDropping {
    /// Whatever it is now.
    package var certainTests: [FieldTest] { dropTests ?? [] }
}

/// Whether events are dropped for what one of their fields has.
package struct FieldTest {
    /// What an event has in a field, as far as the test is asked: not of `null`, of texts that are empty or written with
    /// escapes, of numbers, arrays and objects.
    @safe
    package enum Value {
        case missing
        case text(UnsafeBufferPointer<UInt8>)
        case boolean(Bool)

        package var text: UnsafeBufferPointer<UInt8>? {
            if case .text(let text) = self { unsafe text } else { nil }
        }

        package var isMissing: Bool {
            if case .missing = self { true } else { false }
        }
    }

    package let field: KnownField
    /// True when every event with this in the field is dropped.
    package let drops: (Value) -> Bool

    package init(_ field: KnownField, drops: @escaping (Value) -> Bool) {
        self.field = field
        self.drops = drops
    }
}

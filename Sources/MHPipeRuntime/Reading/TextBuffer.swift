/// The decoded text at hand: what has been read of a file and not yet consumed.
///
/// Invariant: `base` has room for `capacity + padding` bytes, of which the first `count` are text. The padding is
/// what simdjson asks for behind a text that it indexes.
final class TextBuffer {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private(set) var count = 0

    private static let padding = 64

    init(capacity: Int) {
        self.capacity = capacity
        base = Self.allocate(capacity)
    }

    deinit {
        base.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + padding)
        bytes.initialize(repeating: 0, count: capacity + padding)
        return bytes
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// The room behind the text.
    var room: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
    }

    /// Counts bytes that were read into the room.
    func append(_ read: Int) {
        count += read
    }

    /// Takes consumed text away; what is left moves to the front.
    func consume(_ consumed: Int) {
        guard consumed > 0 else { return }
        count -= consumed
        base.update(from: base + consumed, count: count)
    }

    /// Makes the buffer empty, of at most a usual size: one huge record shall not hold its memory for ever.
    func reset(to usual: Int) {
        count = 0
        if capacity > usual { replace(usual) }
    }

    /// Makes the buffer larger and keeps the text.
    func grow(to larger: Int) {
        replace(larger)
    }

    private func replace(_ newCapacity: Int) {
        let bytes = Self.allocate(newCapacity)
        bytes.update(from: base, count: count)
        base.deallocate()
        base = bytes
        capacity = newCapacity
    }
}

/// The decoded text at hand: what has been read of a file and not yet consumed.
///
/// Invariant: `base` has room for `capacity + padding` bytes, of which the first `count` are text. The padding is
/// what the proof asks for behind a text, and more than simdjson does.
@safe
final class TextBuffer {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private(set) var count = 0

    private static let padding = ObjectProof.padding

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = unsafe Self.allocate(capacity)
    }

    deinit {
        unsafe base.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + padding)
        unsafe bytes.initialize(repeating: 0, count: capacity + padding)
        return unsafe bytes
    }

    var bytes: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: base, count: count) }

    /// The room behind the text.
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
    }

    /// Counts bytes that were read into the room.
    func append(_ read: Int) {
        count += read
    }

    /// Takes consumed text away; what is left moves to the front.
    func consume(_ consumed: Int) {
        guard consumed > 0 else { return }
        count -= consumed
        unsafe base.update(from: base + consumed, count: count)
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
        let bytes = unsafe Self.allocate(newCapacity)
        unsafe bytes.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe bytes
        capacity = newCapacity
    }
}

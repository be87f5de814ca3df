import MHPipeKit

/// The decoded text at hand: what has been read of a file and not yet consumed.
///
/// Invariant: `memory` has room for `capacity + padding` bytes, of which the text is the `count` from `start` on. The
/// padding is what the proof asks for behind a text, and more than simdjson does.
@safe
final class TextBuffer {
    private var memory: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private var start = 0
    private(set) var count = 0

    private static let padding = ObjectProof.padding

    init(capacity: Int) {
        self.capacity = capacity
        unsafe memory = unsafe Self.allocate(capacity)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Memory that is touched where text is put, and nowhere before.
    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + padding)
        unsafe (bytes + capacity).initialize(repeating: 0, count: padding)
        return unsafe bytes
    }

    /// Where the text begins; it moves when text is consumed, or room is made.
    var base: UnsafeMutablePointer<UInt8> { unsafe memory + start }

    var bytes: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: base, count: count) }

    /// The room behind the text.
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base + count, count: capacity - start - count)
    }

    /// Counts bytes that were read into the room.
    func append(_ read: Int) {
        count += read
    }

    /// Takes consumed text away.
    func consume(_ consumed: Int) {
        count -= consumed
        start = count == 0 ? 0 : start + consumed
    }

    /// Moves the text to the front, so that all room is behind it.
    func compact() {
        guard start > 0 else { return }
        unsafe memory.update(from: base, count: count)
        start = 0
    }

    /// Makes the buffer empty, and of a usual size where it has become larger than `most`: one huge record shall not hold
    /// its memory for ever.
    func reset(to usual: Int, over most: Int) {
        start = 0
        count = 0
        if capacity > most { replace(usual) }
    }

    /// Makes the buffer larger and keeps the text.
    func grow(to larger: Int) {
        replace(larger)
    }

    private func replace(_ newCapacity: Int) {
        let bytes = unsafe Self.allocate(newCapacity)
        unsafe bytes.update(from: base, count: count)
        unsafe memory.deallocate()
        unsafe memory = unsafe bytes
        start = 0
        capacity = newCapacity
    }
}

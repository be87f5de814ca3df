/// Bytes that an encoder appends to and a sink writes.
///
/// Filled on a worker's queue, then handed as a whole to the sink's queue; never used by both at once. The memory
/// grows by doubling and is used again for later batches.
public final class OutputBuffer: @unchecked Sendable /* handed over, never shared */ {
    /// The state, apart from the object: what stands behind a pointer needs no check for exclusive access.
    ///
    /// Invariant: `base` has room for `capacity` bytes, of which the first `used` are written.
    @usableFromInline
    struct State {
        @usableFromInline var base: UnsafeMutablePointer<UInt8>
        @usableFromInline var capacity: Int
        @usableFromInline var used = 0
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    /// Makes an empty buffer.
    ///
    /// - Parameter capacity: The bytes it can take before it grows.
    public init(capacity: Int = 4096) {
        let capacity = max(capacity, 64)
        state = .allocate(capacity: 1)
        state.initialize(to: State(base: .allocate(capacity: capacity), capacity: capacity))
    }

    deinit {
        state.pointee.base.deallocate()
        state.deallocate()
    }

    /// The bytes appended so far; valid until the next change.
    public var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: state.pointee.base, count: state.pointee.used)
    }

    /// The number of bytes appended so far.
    public var count: Int { state.pointee.used }

    /// The bytes it can take before it grows.
    package var capacityInBytes: Int { state.pointee.capacity }

    /// True when nothing has been appended.
    public var isEmpty: Bool { state.pointee.used == 0 }

    /// Appends one byte.
    ///
    /// - Parameter byte: The byte.
    @inlinable
    public func append(_ byte: UInt8) {
        if state.pointee.used == state.pointee.capacity { grow(by: 1) }
        state.pointee.base[state.pointee.used] = byte
        state.pointee.used += 1
    }

    /// Appends a run of bytes.
    ///
    /// - Parameter bytes: The bytes, which are copied.
    @inlinable
    public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        if state.pointee.capacity - state.pointee.used < bytes.count { grow(by: bytes.count) }
        (state.pointee.base + state.pointee.used).update(from: start, count: bytes.count)
        state.pointee.used += bytes.count
    }

    /// Appends the bytes of an array.
    ///
    /// - Parameter bytes: The bytes, which are copied.
    @inlinable
    public func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    /// Appends a text as UTF-8.
    ///
    /// - Parameter text: The text.
    public func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Takes the last byte away, when there is one.
    public func removeLast() {
        state.pointee.used = max(state.pointee.used - 1, 0)
    }

    /// Forgets the bytes and keeps the memory.
    public func removeAll() {
        state.pointee.used = 0
    }

    /// Makes room for some more bytes at the end.
    ///
    /// - Parameter count: The bytes that shall fit.
    /// - Returns: The room, at least that large; `commit` says how much of it was filled.
    public func reserve(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        if room < count { grow(by: count) }
        return UnsafeMutableBufferPointer(start: state.pointee.base + state.pointee.used, count: room)
    }

    /// Counts bytes that were written into what `reserve` gave.
    ///
    /// - Parameter count: Their number.
    public func commit(_ count: Int) {
        precondition(count >= 0 && count <= room, "more committed than reserved")
        state.pointee.used += count
    }

    private var room: Int { state.pointee.capacity - state.pointee.used }

    @usableFromInline
    func grow(by extra: Int) {
        let larger = max(state.pointee.capacity * 2, state.pointee.used + extra)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        bytes.update(from: state.pointee.base, count: state.pointee.used)
        state.pointee.base.deallocate()
        state.pointee.base = bytes
        state.pointee.capacity = larger
    }
}

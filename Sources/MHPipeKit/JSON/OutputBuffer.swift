/// Bytes that an encoder appends to and a sink writes.
///
/// Filled on a worker's queue, then handed as a whole to the sink's queue; never used by both at once. The memory
/// grows by doubling and is used again for later batches.
@safe
public final class OutputBuffer: @unchecked Sendable /* handed over, never shared */ {
    // Invariant: `base` has room for `capacity` bytes, of which the first `used` are written.
    // No access can overlap another on one queue, and checking that for every byte took a fifth of an encoder's time.
    @exclusivity(unchecked) @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) @usableFromInline var capacity: Int
    @exclusivity(unchecked) @usableFromInline var used = 0

    /// Makes an empty buffer.
    ///
    /// - Parameter capacity: The bytes it can take before it grows.
    public init(capacity: Int = 4096) {
        unsafe self.capacity = max(capacity, 64)
        unsafe base = unsafe .allocate(capacity: self.capacity)
    }

    /// Makes a buffer that holds what another one does, and has no room for more.
    package convenience init(copying other: OutputBuffer) {
        self.init(capacity: other.count)
        unsafe append(other.bytes)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The bytes appended so far; valid until the next change.
    @inlinable
    public var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: base, count: used)
    }

    /// The number of bytes appended so far.
    public var count: Int { unsafe used }

    /// The bytes it can take before it grows.
    package var capacityInBytes: Int { unsafe capacity }

    /// True when nothing has been appended.
    public var isEmpty: Bool { unsafe used == 0 }

    /// Appends one byte.
    ///
    /// - Parameter byte: The byte.
    @inlinable
    public func append(_ byte: UInt8) {
        if unsafe used == capacity { grow(by: 1) }
        unsafe base[used] = byte
        unsafe used += 1
    }

    /// Appends a run of bytes.
    ///
    /// - Parameter bytes: The bytes, which are copied.
    @inlinable
    public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        if unsafe capacity - used < bytes.count { grow(by: bytes.count) }
        unsafe (base + used).update(from: start, count: bytes.count)
        unsafe used += bytes.count
    }

    /// Appends the bytes of an array.
    ///
    /// - Parameter bytes: The bytes, which are copied.
    @inlinable
    public func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    /// Appends a text as UTF-8.
    ///
    /// - Parameter text: The text.
    public func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    /// Takes the last byte away, when there is one.
    public func removeLast() {
        unsafe used = unsafe max(used - 1, 0)
    }

    /// Takes the last bytes away.
    package func removeLast(_ count: Int) {
        unsafe used = unsafe max(used - count, 0)
    }

    /// Forgets the bytes and keeps the memory.
    @inlinable
    public func removeAll() {
        unsafe used = 0
    }

    /// Makes room for some more bytes at the end.
    ///
    /// - Parameter count: The bytes that shall fit.
    /// - Returns: The room, at least that large; `commit` says how much of it was filled.
    @inlinable
    public func reserve(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        if unsafe capacity - used < count { grow(by: count) }
        return unsafe UnsafeMutableBufferPointer(start: base + used, count: capacity - used)
    }

    /// Counts bytes that were written into what `reserve` gave.
    ///
    /// - Parameter count: Their number.
    @inlinable
    public func commit(_ count: Int) {
        unsafe precondition(count >= 0 && count <= capacity - used, "more committed than reserved")
        unsafe used += count
    }

    @usableFromInline
    func grow(by extra: Int) {
        let larger = unsafe max(capacity * 2, used + extra)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe bytes.update(from: base, count: used)
        unsafe base.deallocate()
        unsafe base = unsafe bytes
        unsafe capacity = larger
    }
}

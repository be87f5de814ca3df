/// Bytes that are read ahead from some input, and the position in them.
///
/// Invariant: `memory` is allocated from `init` to `deinit`, and `0 <= position <= end <= memory.count`; the bytes from
/// `position` to `end` are read and not yet used.
final class RefillBuffer {
    /// Reads the next bytes of an input; 0 at its end.
    typealias Fill = (UnsafeMutableRawBufferPointer) throws -> Int

    private var memory: UnsafeMutableRawBufferPointer
    private var fill: Fill = { _ in 0 }
    private var position = 0
    private var end = 0
    private var offsetOfMemory = 0

    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        memory.deallocate()
    }

    /// Begins another input.
    ///
    /// - Parameters:
    ///   - prefix: Its first bytes, which were read already; copied.
    ///   - fill: Reads what follows them.
    func start(prefix: UnsafeRawBufferPointer, fill: @escaping Fill) {
        if prefix.count > memory.count {
            memory.deallocate()
            memory = .allocate(byteCount: prefix.count, alignment: 64)
        }
        memory.copyMemory(from: prefix)
        self.fill = fill
        position = 0
        end = prefix.count
        offsetOfMemory = 0
    }

    /// Lets go of the input.
    func stop() {
        fill = { _ in 0 }
    }

    /// The offset of the next unused byte in the input.
    var offset: Int { offsetOfMemory + position }

    /// The bytes that are read and not yet used; valid until the next call of anything else here.
    var unused: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[position..<end])
    }

    /// True when the next byte has still to be read from the input, or is not there.
    var isEmpty: Bool { position == end }

    /// Marks unused bytes as used.
    ///
    /// - Parameter count: How many, at most `unused.count`.
    func use(_ count: Int) {
        position += count
    }

    /// Reads more when nothing is left.
    ///
    /// - Returns: False at the end of the input.
    /// - Throws: What reading throws.
    func refill() throws -> Bool {
        guard isEmpty else { return true }
        offsetOfMemory += end
        position = 0
        end = 0
        end = try fill(memory)
        return end > 0
    }

    /// Uses one byte.
    ///
    /// - Returns: The byte, or nil at the end of the input.
    /// - Throws: What reading throws.
    func next() throws -> UInt8? {
        guard try refill() else { return nil }
        defer { position += 1 }
        return memory[position]
    }
}

/// Bytes that are read ahead from some input, and the position in them.
///
/// They come in pieces of one size, however many bytes each read delivers, so that what is made of them does not depend
/// on the reads.
///
/// Invariant: `memory` is allocated from `init` to `deinit`, and `0 <= position <= end <= memory.count`; the bytes from
/// `position` to `end` are read and not yet used.
@safe
final class RefillBuffer {
    /// Reads the next bytes of an input; 0 at its end.
    typealias Fill = (UnsafeMutableRawBufferPointer) throws -> Int

    private let memory: UnsafeMutableRawBufferPointer
    private var fill: Fill = { _ in 0 }
    /// First bytes that were read already and have still to be handed out.
    private var prefix: ArraySlice<UInt8> = []
    /// What ended the input, once something did.
    private var ending: Ending?
    private var position = 0
    private var end = 0
    private var offsetOfMemory = 0

    private enum Ending {
        case end
        case failure(any Error)
    }

    init(capacity: Int) {
        unsafe memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Begins another input.
    ///
    /// - Parameters:
    ///   - prefix: Its first bytes, which were read already; copied.
    ///   - fill: Reads what follows them.
    func start(prefix: UnsafeRawBufferPointer, fill: @escaping Fill) {
        self.prefix = unsafe ArraySlice(prefix)
        unsafe self.fill = unsafe fill
        ending = nil
        position = 0
        end = 0
        offsetOfMemory = 0
    }

    /// Lets go of the input.
    func stop() {
        unsafe fill = { _ in 0 }
        prefix = []
    }

    /// The offset of the next unused byte in the input.
    var offset: Int { offsetOfMemory + position }

    /// The bytes that are read and not yet used; valid until the next call of anything else here.
    var unused: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[position..<end])
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
    /// - Throws: What reading throws, after the bytes before it were used.
    func refill() throws -> Bool {
        guard isEmpty else { return true }
        offsetOfMemory += end
        position = 0
        end = 0
        while unsafe end < memory.count, ending == nil {
            unsafe readOnce(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
        }
        if end == 0, case .failure(let error) = ending { throw error }
        return end > 0
    }

    private func readOnce(_ room: UnsafeMutableRawBufferPointer) {
        guard prefix.isEmpty else {
            let next = prefix.prefix(room.count)
            unsafe room.copyBytes(from: next)
            prefix = prefix.dropFirst(next.count)
            end += next.count
            return
        }
        do {
            let count = try unsafe fill(room)
            if count == 0 { ending = .end }
            end += count
        } catch {
            ending = .failure(error)
        }
    }

    /// Uses one byte.
    ///
    /// - Returns: The byte, or nil at the end of the input.
    /// - Throws: What reading throws.
    func next() throws -> UInt8? {
        guard try refill() else { return nil }
        defer { position += 1 }
        return unsafe memory[position]
    }
}

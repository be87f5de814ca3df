internal import CISAL

/// Decompresses gzip data from any input; members that follow one another are read as one.
///
/// An instance holds half a megabyte and is meant to be kept: one for each worker, started anew for every file. It is used
/// by one thread at a time.
///
/// Invariant: `state`, `savedState` and `staging` are allocated from `init` to `deinit`. The pointers inside `state` are
/// set before each call of the library and mean nothing after it.
@safe
package final class GzipReader {
    private enum Phase {
        case header
        case data
        case trailer
        case ended
        case failed(any Error)
    }

    /// The library is never given less room for its output than this.
    ///
    /// It keeps up to 64 KB of output to itself. When the data turns out to be damaged, it hands out what fits and
    /// forgets the rest.
    private static let leastRoom = 128 << 10

    private static let stateBytes = unsafe MemoryLayout<inflate_state>.size

    private let state: UnsafeMutablePointer<inflate_state>
    /// The state before the last call, to go back to when the data turns out to be damaged.
    private let savedState: UnsafeMutablePointer<inflate_state>
    private let staging: UnsafeMutableRawBufferPointer
    private var staged = 0..<0
    private let input: RefillBuffer
    private var phase = Phase.ended
    private var isFirstMember = true
    /// Where the first member ends in the compressed bytes, and in the text of at most 4 GiB.
    ///
    /// Nil until its checksum and length were found right.
    package private(set) var endOfFirstMember: (stored: Int, text: Int)?
    /// Where the last member that was read ends in the compressed bytes; padding may follow it.
    package private(set) var endOfMembers = 0
    /// True when the library may hold output for which there was no room.
    private var holdsOutput = false

    package init() {
        unsafe state = .allocate(capacity: 1)
        unsafe savedState = .allocate(capacity: 1)
        unsafe staging = .allocate(byteCount: Self.leastRoom, alignment: 64)
        input = RefillBuffer(capacity: 256 << 10)
    }

    deinit {
        unsafe state.deallocate()
        unsafe savedState.deallocate()
        unsafe staging.deallocate()
    }

    /// Begins another file, whatever became of the one before.
    ///
    /// - Parameters:
    ///   - fill: Reads the next compressed bytes into a buffer that is not empty, and says how many; 0 at the end. It is
    ///     called by `read` and kept until the data ends or another file is begun.
    ///   - prefix: The first compressed bytes, when they were read already.
    package func start(_ fill: @escaping (UnsafeMutableRawBufferPointer) throws -> Int, prefix: [UInt8] = []) {
        unsafe prefix.withUnsafeBytes { unsafe start(fill, prefix: $0) }
    }

    /// Begins another file, whatever became of the one before.
    ///
    /// - Parameters:
    ///   - fill: Reads the next compressed bytes into a buffer that is not empty, and says how many; 0 at the end. It is
    ///     called by `read` and kept until the data ends or another file is begun.
    ///   - prefix: The first compressed bytes, which were read already; copied.
    package func start(
        _ fill: @escaping (UnsafeMutableRawBufferPointer) throws -> Int,
        prefix: UnsafeRawBufferPointer
    ) {
        unsafe input.start(prefix: prefix, fill: fill)
        staged = 0..<0
        phase = .header
        isFirstMember = true
        endOfFirstMember = nil
        endOfMembers = 0
    }

    /// How many compressed bytes were used so far.
    package var bytesConsumed: Int { input.offset }

    /// Delivers the next decompressed bytes.
    ///
    /// It reads compressed bytes only while it has nothing to deliver. Buffers of 128 KB and more are written to
    /// directly; bytes for smaller ones are copied once.
    ///
    /// - Parameter buffer: Where they go; not empty.
    /// - Returns: How many there are; 0 only at the end.
    /// - Throws: `CompressionDamage`, after all bytes before the damage were delivered, or what `fill` threw. Every later call
    ///   throws the same.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if staged.isEmpty {
            guard buffer.count < Self.leastRoom else { return try unsafe inflate(into: buffer) }
            staged = unsafe 0..<(try inflate(into: staging))
        }
        let count = min(staged.count, buffer.count)
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: staging[staged.prefix(count)]))
        staged.removeFirst(count)
        return count
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var written = 0
        while buffer.count - written >= Self.leastRoom {
            if case .failed(let error) = phase {
                guard written == 0 else { return written }
                throw error
            }
            if case .ended = phase { return written }
            if written > 0, input.isEmpty { return written }
            do {
                unsafe written += try step(UnsafeMutableRawBufferPointer(rebasing: buffer[written...]))
            } catch {
                phase = .failed(error)
                input.stop()
            }
        }
        return written
    }

    /// Goes on by one header, one trailer, or as much data as there is room or input for.
    private func step(_ room: UnsafeMutableRawBufferPointer) throws -> Int {
        switch phase {
        case .header:
            if try GzipHeader.skip(in: input, isFirst: isFirstMember) {
                isFirstMember = false
                // The library looks into tables that it has not filled when data is damaged, and must find the same there
                // whatever was read before.
                unsafe UnsafeMutableRawPointer(state).initializeMemory(
                    as: UInt8.self,
                    repeating: 0,
                    count: Self.stateBytes
                )
                unsafe isal_inflate_init(state)
                unsafe state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR)
                holdsOutput = false
                phase = .data
            } else {
                phase = .ended
                input.stop()
            }
            return 0
        case .data:
            return try unsafe inflateData(into: room)
        case .trailer:
            try checkTrailer()
            endOfFirstMember = unsafe endOfFirstMember ?? (input.offset, Int(state.pointee.total_out))
            endOfMembers = input.offset
            phase = .header
            return 0
        case .ended, .failed:
            return 0
        }
    }

    private func inflateData(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        let atEnd = try !holdsOutput && !input.refill()
        var produced = 0
        // In one go; where the data is damaged, in ever smaller pieces: the library writes some bytes too many before it
        // sees damage, but none while it is fed byte by byte. So what comes out does not depend on how data comes in.
        var piece = unsafe max(input.unused.count, 1)
        while true {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[produced...])
            unsafe savedState.update(from: state, count: 1)
            let (result, used, written) = unsafe call(input.unused.prefix(piece), rest)
            if result < 0, piece > 1 {
                unsafe state.update(from: savedState, count: 1)
                piece = max(piece / 64, 1)
                continue
            }
            input.use(used)
            produced += written
            holdsOutput = unsafe state.pointee.avail_out == 0
            if result < 0 {
                phase = .failed(CompressionDamage(.gzip, .badData, at: input.offset - bytesInBitBuffer))
                input.stop()
                return produced
            }
            if unsafe state.pointee.block_state == ISAL_BLOCK_FINISH {
                phase = .trailer
                return produced
            }
            guard !holdsOutput, !input.isEmpty else { break }
        }
        if atEnd, produced == 0 { throw CompressionDamage(.gzip, .cutShort, at: input.offset) }
        return produced
    }

    /// Has the library go on; what it says, the bytes that it took and those that it wrote.
    private func call(
        _ stored: Slice<UnsafeMutableRawBufferPointer>,
        _ room: UnsafeMutableRawBufferPointer
    ) -> (result: Int32, used: Int, written: Int) {
        let roomCount = UInt32(clamping: room.count)
        unsafe state.pointee.next_in = unsafe UnsafeMutableRawBufferPointer(rebasing: stored)
            .baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_in = unsafe UInt32(clamping: stored.count)
        unsafe state.pointee.next_out = unsafe room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_out = roomCount
        let result = unsafe isal_inflate(state)
        let used = unsafe stored.count - Int(state.pointee.avail_in)
        return unsafe (result, used, Int(roomCount - state.pointee.avail_out))
    }

    /// Whole bytes that the library has taken from the input and not used yet, at most eight.
    private var bytesInBitBuffer: Int { unsafe Int(state.pointee.read_in_length) / 8 }

    /// Compares the checksum and the length of the member with what was decompressed (RFC 1952, section 2.3.1).
    private func checkTrailer() throws {
        var count = bytesInBitBuffer
        let start = input.offset - count
        var trailer = unsafe state.pointee.read_in >> UInt64(state.pointee.read_in_length % 8)
        while count < 8 {
            guard let byte = try input.next() else { throw CompressionDamage(.gzip, .cutShort, at: input.offset) }
            trailer |= UInt64(byte) << UInt64(8 * count)
            count += 1
        }
        guard unsafe UInt32(truncatingIfNeeded: trailer) == state.pointee.crc else {
            throw CompressionDamage(.gzip, .badChecksum, at: start)
        }
        guard unsafe UInt32(truncatingIfNeeded: trailer >> 32) == state.pointee.total_out else {
            throw CompressionDamage(.gzip, .badLength, at: start + 4)
        }
    }
}

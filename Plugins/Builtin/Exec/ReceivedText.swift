import Libc

/// What a program has written, in lines.
///
/// Invariant: `base` has room for `capacity` bytes and `padding` more, of which the first `count` were read;
/// `ends[n]` is the offset behind the line end of line n.
@safe
final class ReceivedText {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity = 64 << 10
    private(set) var count = 0
    private(set) var ends: [Int] = []

    /// What simdjson asks for behind a text.
    private static let padding = 64

    init() {
        unsafe base = .allocate(capacity: capacity + Self.padding)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The bytes behind the last whole line.
    var partial: Int { count - (ends.last ?? 0) }

    /// Where the next bytes go.
    func room(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
        if capacity - count < bytes { grow(to: max(capacity * 2, count + bytes)) }
        return unsafe UnsafeMutableRawBufferPointer(start: base + count, count: bytes)
    }

    /// Counts bytes that were read into the room.
    func append(_ read: Int) {
        var next = count
        count += read
        let text = unsafe UnsafeBufferPointer(start: UnsafePointer(base), count: count)
        while let end = unsafe text.lineEnd(from: next) {
            ends.append(end + 1)
            next = end + 1
        }
    }

    /// The bytes of a line, without its end.
    func line(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        let start = number == 0 ? 0 : ends[number - 1]
        return unsafe UnsafeBufferPointer(start: base + start, count: ends[number] - 1 - start)
    }

    /// All bytes, with a NUL behind them and padding that may be read.
    func ended() -> UnsafeBufferPointer<UInt8> {
        unsafe (base + count).initialize(repeating: 0, count: Self.padding)
        return unsafe UnsafeBufferPointer(start: base, count: count)
    }

    /// Takes the bytes behind the last whole line for a line, when there are any.
    func endPartial() {
        guard partial > 0 else { return }
        unsafe room(1)[0] = 0x0A
        append(1)
    }

    /// Forgets a line that has begun and not ended.
    func dropPartial() {
        count = ends.last ?? 0
    }

    /// Takes some lines away from the front.
    func dropLines(_ lines: Int) {
        guard lines > 0 else { return }
        let start = ends[lines - 1]
        unsafe base.update(from: base + start, count: count - start)
        count -= start
        ends.removeFirst(lines)
        for line in ends.indices { ends[line] -= start }
    }

    /// Hands out bytes, whatever lines they are, and forgets them.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let taken = min(count, buffer.count)
        guard taken > 0 else { return 0 }
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(start: base, count: taken))
        unsafe base.update(from: base + taken, count: count - taken)
        count -= taken
        ends.removeAll()
        return taken
    }

    /// Forgets everything and keeps the memory, unless it is more than usual.
    func removeAll() {
        count = 0
        ends.removeAll(keepingCapacity: true)
    }

    private func grow(to larger: Int) {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
        unsafe bytes.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe bytes
        capacity = larger
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The place of the next line end.
    func lineEnd(from start: Int) -> Int? {
        guard let base = baseAddress, start < count, let found = unsafe memchr(base + start, 0x0A, count - start) else {
            return nil
        }
        return unsafe UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }
}

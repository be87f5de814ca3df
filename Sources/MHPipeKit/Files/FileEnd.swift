import Libc

/// Where a file ended at some moment, behind which a run puts what it has written.
struct FileEnd: Sendable, Hashable {
    /// The bytes before it, and a hash of the last of them.
    var size: Int
    var tail: UInt64

    /// That of a file that holds nothing, or is not there.
    static let ofNothing = FileEnd(size: 0, tail: FileTail.hash([]))

    init(size: Int, tail: UInt64) {
        (self.size, self.tail) = (size, tail)
    }

    /// The end as a text.
    var text: String { "\(size) \(String(tail, radix: 16))" }

    /// Reads what `text` gave; nil when it is something else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let size = Int(parts[0]), let tail = UInt64(parts[1], radix: 16) else { return nil }
        self.init(size: size, tail: tail)
    }

    /// Where an open file ends.
    init(of descriptor: Int32, _ place: OutputPlace) throws(OutputFailure) {
        size = try FileTail.size(descriptor, place)
        tail = try FileTail.hash(descriptor, before: size, place)
    }

    /// Where the file at a place ends, if one is there.
    init(of place: OutputPlace) throws(OutputFailure) {
        if let file = place.path.open(O_RDONLY) {
            self = try FileEnd(of: file.number, place)
        } else {
            guard errno == ENOENT else { throw OutputFailure(place.name, errorNumber: errno) }
            self = .ofNothing
        }
    }

    /// Where a file ended at an offset, behind which others may have written since.
    init(of place: OutputPlace, at offset: Int) throws(OutputFailure) {
        guard let file = place.path.open(O_RDONLY) else { throw OutputFailure(place.name, errorNumber: errno) }
        size = offset
        tail = try FileTail.hash(file.number, before: offset, place)
    }

    /// Copies the first bytes of another file behind it, and waits until they are on the disk.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - source: The other file.
    ///   - file: The file, open for reading and writing.
    ///   - place: Its place.
    ///   - mayBeBegun: True when an earlier run may have begun with the same bytes, which are written again then.
    /// - Throws: `OutputFailure` when others have changed the file since, which stays as it is then; and when it cannot be
    ///   written, which leaves it as it was.
    func append(
        _ count: Int,
        of source: FilePath,
        to file: Int32,
        _ place: OutputPlace,
        mayBeBegun: Bool
    ) throws(OutputFailure) {
        let now = try FileTail.size(file, place)
        var isAsLeft = now == size
        if mayBeBegun, now > size, now <= size + count { isAsLeft = try begins(file, with: source, now - size, place) }
        guard isAsLeft, try FileTail.hash(file, before: size, place) == tail else {
            throw OutputFailure(
                place.name,
                reason: "it was changed since this run began: it had \(size) bytes then, and has \(now) now",
                advice: "put that file back, and run again: what is to be appended is kept"
            )
        }
        guard count > 0 || now > size else { return }
        do throws(OutputFailure) {
            let number = DescriptorWriting.truncate(file, to: size)
            guard number == 0 else { throw OutputFailure(place.name, errorNumber: number) }
            try copy(count, of: source, to: file, place)
        } catch {
            // Nobody shall find half of it.
            _ = DescriptorWriting.truncate(file, to: size)
            throw error
        }
        let number = DescriptorWriting.sync(file)
        guard number == 0 else { throw OutputFailure(place.name, .sync, errorNumber: number) }
    }

    /// True when what stands behind the end is what another file begins with, or, where a power cut has torn it, nothing.
    private func begins(
        _ file: Int32,
        with source: FilePath,
        _ count: Int,
        _ place: OutputPlace
    ) throws(OutputFailure) -> Bool {
        guard let input = source.open(O_RDONLY | O_NOFOLLOW) else {
            throw OutputFailure(place.name, errorNumber: errno)
        }
        var (found, meant) = ([UInt8](repeating: 0, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16))
        var done = 0
        while done < count {
            let room = min(count - done, found.count)
            let counts = unsafe (
                found.withUnsafeMutableBytes {
                    unsafe DescriptorReading.fill(.init(rebasing: $0[..<room]), from: file, at: size + done)
                },
                meant.withUnsafeMutableBytes {
                    unsafe DescriptorReading.fill(.init(rebasing: $0[..<room]), from: input.number, at: done)
                }
            )
            guard counts == (room, room) else {
                throw OutputFailure(place.name, errorNumber: min(counts.0, counts.1) < 0 ? errno : EIO)
            }
            guard (0..<room).allSatisfy({ found[$0] == meant[$0] || found[$0] == 0 }) else { return false }
            done += room
        }
        return true
    }

    private func copy(
        _ count: Int,
        of source: FilePath,
        to file: Int32,
        _ place: OutputPlace
    ) throws(OutputFailure) {
        guard let input = source.open(O_RDONLY | O_NOFOLLOW) else {
            throw OutputFailure(place.name, errorNumber: errno)
        }
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 20))
        var left = count
        while left > 0 {
            let room = min(buffer.count, left)
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe DescriptorReading.read(
                    input.number,
                    into: UnsafeMutableRawBufferPointer(rebasing: $0[..<room])
                )
            }
            guard count > 0 else { throw OutputFailure(place.name, errorNumber: count < 0 ? errno : EIO) }
            let number = unsafe buffer.withUnsafeBytes {
                unsafe DescriptorWriting.write(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: file)
            }
            guard number == 0 else { throw OutputFailure(place.name, errorNumber: number) }
            left -= count
        }
    }
}

import MHPipeKit

/// The records of a run on disk, one after the other.
final class SortedRun {
    private let file: SpillFile
    /// What was not read yet.
    private var left: Range<Int>
    private let bufferBytes: Int
    private let buffer = OutputBuffer()
    private var next = 0
    /// The first of the records that are left; valid until it is dropped.
    private(set) var first: SortRecord?

    /// Takes the place of a run in a file, of which it reads so many bytes at a time, or what a record takes.
    init(_ file: SpillFile, _ place: Range<Int>, bufferBytes: Int) throws {
        self.file = file
        left = place
        self.bufferBytes = max(bufferBytes, 4096)
        first = try read()
    }

    /// Goes on to the next record.
    func dropFirst() throws {
        next += unsafe first?.bytes.count ?? 0
        first = try read()
    }

    private func read() throws -> SortRecord? {
        guard next < buffer.count || !left.isEmpty else { return nil }
        let (key, content) = unsafe SortRecord.lengths(at: try start(of: SortRecord.headBytes))
        return unsafe SortRecord(at: try start(of: SortRecord.headBytes + key + content))
    }

    /// Where the next bytes stand, so many of which are in the buffer then.
    private func start(of count: Int) throws -> UnsafePointer<UInt8> {
        if buffer.count - next < count {
            let rest = unsafe Array(buffer.bytes[next...])
            let size = min(max(bufferBytes, count - rest.count), left.count)
            let bytes = try file.bytes(size, at: left.lowerBound)
            left = left.lowerBound + size..<left.upperBound
            buffer.removeAll()
            buffer.append(rest)
            buffer.append(bytes)
            next = 0
        }
        guard let start = unsafe buffer.bytes.baseAddress, buffer.count - next >= count else {
            preconditionFailure("a run ends inside a record")
        }
        return unsafe start + next
    }
}

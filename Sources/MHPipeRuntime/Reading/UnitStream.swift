import MHPipeIO
import MHPipeKit

/// The text of one unit of work: its bytes, decompressed when they are gzip.
///
/// Kept by a worker and opened anew for every unit.
final class UnitStream {
    private let gzip = GzipReader()
    private let sniff: UnsafeMutableRawBufferPointer
    private var stream: (any ByteStream)?
    /// What was read to tell the content, and is still to be handed out.
    private var pending = 0..<0
    private var isGzip = false

    /// The bytes taken from the unit so far, as they are stored.
    private(set) var bytesRead = 0

    init() {
        sniff = .allocate(byteCount: 64 << 10, alignment: 64)
    }

    deinit {
        sniff.deallocate()
    }

    /// Opens a unit.
    ///
    /// - Returns: What it holds.
    /// - Throws: What the unit throws when it cannot be opened or read.
    func open(_ unit: any SourceUnit) throws -> ContentKind {
        close()
        bytesRead = 0
        let stream = try unit.open()
        self.stream = stream
        var count = 0
        // A pipe may deliver a byte at a time; four tell the content.
        while count < 4,
            case let read = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: sniff[count...])),
            read > 0
        {
            count += read
        }
        bytesRead = count
        let kind = ContentKind(sniff.prefix(count))
        if case .gzip = kind {
            isGzip = true
            gzip.start(
                { [unowned self] in try readStored($0) },
                prefix: UnsafeRawBufferPointer(rebasing: sniff[..<count])
            )
        } else {
            isGzip = false
            pending = 0..<count
        }
        return kind
    }

    /// Reads the next text.
    ///
    /// - Returns: The number of bytes; 0 only at the end.
    /// - Throws: `GzipDamage`, or what the unit's stream throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if isGzip { return try gzip.read(into: buffer) }
        guard pending.isEmpty else {
            let count = min(pending.count, buffer.count)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: sniff[pending.prefix(count)]))
            pending.removeFirst(count)
            return count
        }
        return try readStored(buffer)
    }

    /// Lets go of the unit.
    func close() {
        stream = nil
        pending = 0..<0
    }

    private func readStored(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try stream?.read(into: buffer) ?? 0
        bytesRead += count
        return count
    }
}

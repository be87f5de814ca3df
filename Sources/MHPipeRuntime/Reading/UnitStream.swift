import MHPipeIO
import MHPipeKit

/// The text of one unit of work: its bytes, decompressed when they are gzip or zstd.
///
/// Kept by a worker and opened anew for every unit.
///
/// Invariant: `stored` is allocated from `init` to `deinit`, and `pending` lies inside it.
@safe
final class UnitStream {
    private enum Content {
        /// The bytes are the text.
        case plain
        /// gzip, all of it in `stored`.
        case wholeGzip
        /// gzip that goes through the streaming reader.
        case gzip
        case zstd
    }

    private let gzip = GzipReader()
    private let wholeGzip = WholeGzip()
    /// Made when it is first needed: few trails are zstd.
    private lazy var zstd = ZstdReader()
    private let stored: UnsafeMutableRawBufferPointer
    private var stream: (any ByteStream)?
    /// What was read to tell the content, and is still to be handed out.
    private var pending = 0..<0
    private var content = Content.plain

    /// The bytes taken from the unit so far, as they are stored.
    private(set) var bytesRead = 0
    /// What hashes them, where somebody keeps proof of that.
    private let hash: SHA256?
    /// True once the unit has said that nothing more comes.
    private var isAtEnd = false

    /// Most trail files are smaller than this, and can be decompressed in one go.
    private static let storedBytes = 1 << 20
    /// What is read before the content is known.
    private static let sniffBytes = 64 << 10

    /// - Parameter hashes: True to hash the bytes of units.
    /// - Throws: `StageError` when there is nothing to hash with.
    init(hashes: Bool) throws {
        hash = hashes ? try SHA256() : nil
        unsafe stored = .allocate(byteCount: Self.storedBytes, alignment: 64)
    }

    deinit {
        unsafe stored.deallocate()
    }

    /// What tells of which kind it is.
    private var beginning: [UInt8] {
        unsafe Array(stored.prefix(min(bytesRead, ContentKind.prefixLength)))
    }

    /// Opens a unit.
    ///
    /// - Parameter unit: The unit.
    /// - Returns: What it holds.
    /// - Throws: What the unit throws when it cannot be opened or read.
    func open(_ unit: any SourceUnit) throws -> ContentKind {
        close()
        bytesRead = 0
        isAtEnd = false
        hash?.begin()
        stream = try unit.open()
        // A pipe may deliver a byte at a time.
        var isEnd = false
        var start: [UInt8] = []
        while !ContentKind.isTold(start), !isEnd {
            isEnd = try readAhead(to: Self.sniffBytes)
            start = beginning
        }
        let kind = ContentKind(start)
        guard case .gzip = kind else {
            content = .plain
            pending = 0..<bytesRead
            if kind == .zstd { try startZstd() }
            return kind
        }
        if let size = unit.size, unsafe size < stored.count {
            while !isEnd, bytesRead < size { isEnd = try unsafe readAhead(to: stored.count) }
            // The read that would say so is spared: what was written behind its end meanwhile is for the next run.
            isEnd = isEnd || bytesRead == size
        }
        pending = 0..<bytesRead
        content = .wholeGzip
        if !isEnd { startGzip() }
        return kind
    }

    /// How much text there is, as the last bytes say, while all of it can be decompressed in one go; 0 otherwise.
    var wholeTextBytes: Int {
        guard case .wholeGzip = content, !pending.isEmpty else { return 0 }
        return unsafe WholeGzip.textBytes(UnsafeRawBufferPointer(rebasing: stored[pending])) ?? 0
    }

    /// Reads the next text.
    ///
    /// - Parameter buffer: Where it goes; not empty.
    /// - Returns: The number of bytes; 0 only at the end.
    /// - Throws: `CompressionDamage`, or what the unit's stream throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        switch content {
        case .plain where !pending.isEmpty:
            let count = min(pending.count, buffer.count)
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: stored[pending.prefix(count)]))
            pending.removeFirst(count)
            return count
        case .plain:
            return try unsafe readStored(buffer)
        case .wholeGzip:
            let whole = unsafe UnsafeRawBufferPointer(rebasing: stored[pending])
            guard unsafe !whole.isEmpty else { return 0 }
            if let count = unsafe wholeGzip?.decompress(whole, into: buffer), count > 0 {
                pending = 0..<0
                return count
            }
            startGzip()
            return try unsafe gzip.read(into: buffer)
        case .zstd:
            return try unsafe zstd?.read(into: buffer) ?? 0
        case .gzip:
            return try unsafe gzip.read(into: buffer)
        }
    }

    /// What the bytes of the unit were; of a file those that nobody wanted are read for it.
    ///
    /// - Parameter size: The file's size; nil for what is no file.
    /// - Returns: Nil where nothing is hashed, and for what could not be opened.
    func content(size: Int?) -> UnitContent? {
        guard let hash, isOpen else { return nil }
        var content = UnitContent()
        content.isFile = size != nil
        content.bytes = bytesRead
        let isWhole = isAtEnd || bytesRead == size
        guard isWhole || size != nil else { return content }
        do {
            // What was read ahead is handed out no more.
            while !isWhole, case let count = try unsafe readStored(stored), count > 0 { content.bytes += count }
            content.sha256 = hash.finish()
        } catch {
            // What cannot be read has no hash, and the reader has said so, or had what it wanted by then.
        }
        return content
    }

    /// How the unit is compressed, where it is.
    var packing: String {
        if case .zstd = content { "zstd" } else { "gzip" }
    }

    /// False when the unit could not be opened.
    var isOpen: Bool { stream != nil }

    /// Lets go of the unit.
    func close() {
        stream = nil
        pending = 0..<0
    }

    private func startZstd() throws {
        guard let zstd else { throw StageError("not enough memory to decompress zstd") }
        content = .zstd
        let prefix = unsafe UnsafeRawBufferPointer(rebasing: stored[pending])
        unsafe zstd.start({ [unowned self] in unsafe try readStored($0) }, prefix: unsafe prefix)
    }

    private func startGzip() {
        content = .gzip
        let prefix = unsafe UnsafeRawBufferPointer(rebasing: stored[pending])
        unsafe gzip.start({ [unowned self] in try unsafe readStored($0) }, prefix: unsafe prefix)
    }

    /// Reads more of the stored bytes; true at their end.
    private func readAhead(to limit: Int) throws -> Bool {
        try unsafe readStored(UnsafeMutableRawBufferPointer(rebasing: stored[bytesRead..<limit])) == 0
    }

    private func readStored(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try unsafe stream?.read(into: buffer) ?? 0
        bytesRead += count
        isAtEnd = count == 0
        if let hash { unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count
    }
}

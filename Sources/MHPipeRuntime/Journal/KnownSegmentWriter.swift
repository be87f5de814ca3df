import Libc
import MHPipeIO
import MHPipeKit

/// Writes a file of fingerprints, which come in their order (`KnownSegment`).
struct KnownSegmentWriter: ~Copyable {
    private let folder: StateFolder
    private let file: String
    private let descriptor: FileDescriptor
    private let hash: SHA256
    private var waiting = KnownSegment.title
    private var page: [UInt8] = []
    private var index: [UInt8] = []
    private var filter: FingerprintFilter?
    private(set) var count = 0

    /// The largest filter: larger files have none, so that a run needs little memory for one, however much was kept.
    static let mostFilterBytes = 64 << 20

    /// Begins a file, in the place of one that has the name.
    ///
    /// - Parameters:
    ///   - folder: Where it is.
    ///   - file: Its name.
    ///   - most: How many fingerprints come, or a few more.
    /// - Throws: `StageError` when it cannot be written.
    init(_ folder: StateFolder, _ file: String, most: Int) throws {
        let hash = try SHA256()
        let isFiltered = FingerprintFilter.bytes(count: most) <= Self.mostFilterBytes
        filter = isFiltered ? FingerprintFilter(count: most) : nil
        descriptor = try folder.open(file, O_WRONLY | O_CREAT | O_TRUNC)
        (self.folder, self.file, self.hash) = (folder, file, hash)
    }

    mutating func append(_ fingerprint: KeptFingerprint) throws {
        if page.isEmpty { Self.append(fingerprint.high, to: &index) }
        Self.append(fingerprint.high, to: &page)
        Self.append(fingerprint.low, to: &page)
        filter?.insert(fingerprint.high)
        count += 1
        if page.count == KnownSegment.pageBytes { try endPage() }
    }

    private mutating func endPage() throws {
        guard !page.isEmpty else { return }
        Self.append(KnownSegment.sum(of: page[...], hash), to: &index)
        waiting += page
        page.removeAll(keepingCapacity: true)
        if waiting.count >= 1 << 20 { try flush(sync: false) }
    }

    private mutating func flush(sync: Bool) throws {
        try folder.put(waiting, to: descriptor.number, sync: sync, file)
        waiting.removeAll(keepingCapacity: true)
    }

    /// Ends the file, which is on the disk then.
    mutating func finish() throws {
        try endPage()
        var words: [UInt8] = []
        if let filter {
            words.reserveCapacity(filter.words.count * 8)
            for word in filter.words { Self.append(word, to: &words) }
        }
        var head: [UInt8] = []
        Self.append(UInt64(words.count), to: &head)
        hash.update(words)
        head += hash.finish()
        hash.update(KnownSegment.title)
        hash.update(head)
        hash.update(index)
        waiting += words
        waiting += head
        waiting += index
        waiting += hash.finish()
        try flush(sync: true)
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}

/// The keys of all events, one behind the other, in a temporary file that is made when the first one comes.
///
/// Those of earlier runs stand before them, elsewhere.
struct KeyLog {
    private let folder: String
    private var file: SpillFile?
    /// The bytes that stand elsewhere.
    private let start: Int

    static let lengthBytes = 4

    init(in folder: String, behind start: Int = 0) {
        (self.folder, self.start) = (folder, start)
    }

    /// The bytes so far, which is where the next key will stand.
    var count: Int { start + (file?.count ?? 0) }

    /// A key as it stands in a log, behind its length.
    static func entry(_ key: [UInt8]) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(key.count).littleEndian) { unsafe Array($0) } + key
    }

    /// Appends a key.
    mutating func append(_ key: [UInt8]) throws { try append(bytes: Self.entry(key)) }

    /// Appends a part of another log.
    mutating func append(bytes: [UInt8]) throws {
        let file = try file ?? SpillFile(in: folder)
        self.file = file
        try unsafe bytes.withUnsafeBytes { try unsafe file.append($0) }
    }

    /// Whether a key stands at an offset.
    func holds(_ key: [UInt8], at offset: Int) throws -> Bool {
        let whole = Self.entry(key)
        guard offset >= start, offset + whole.count <= count, let file else { return false }
        return try file.bytes(whole.count, at: offset - start) == whole
    }

    /// Lends all bytes from a place on, some at a time.
    func forEachPart(from place: Int, _ body: ([UInt8]) throws -> Void) throws {
        guard let file else { return }
        for offset in stride(from: place - start, to: file.count, by: 1 << 20) {
            try body(try file.bytes(min(1 << 20, file.count - offset), at: offset))
        }
    }
}

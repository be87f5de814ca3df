/// The keys of all events, one behind the other, in a temporary file that is made when the first one comes.
struct KeyLog {
    private let folder: String
    private var file: SpillFile?

    private static let lengthBytes = 4

    init(in folder: String) {
        self.folder = folder
    }

    /// The bytes so far, which is where the next key will stand.
    var count: Int { file?.count ?? 0 }

    /// Appends a key, behind its length.
    mutating func append(_ key: [UInt8]) throws {
        try unsafe append(bytes: withUnsafeBytes(of: UInt32(key.count).littleEndian) { unsafe Array($0) })
        try append(bytes: key)
    }

    /// Appends a part of another log.
    mutating func append(bytes: [UInt8]) throws {
        let file = try file ?? SpillFile(in: folder)
        self.file = file
        try unsafe bytes.withUnsafeBytes { try unsafe file.append($0) }
    }

    /// Whether a key stands at an offset.
    func holds(_ key: [UInt8], at offset: Int) throws -> Bool {
        let whole = unsafe withUnsafeBytes(of: UInt32(key.count).littleEndian) { unsafe Array($0) } + key
        guard offset + whole.count <= count, let file else { return false }
        return try file.bytes(whole.count, at: offset) == whole
    }

    /// Lends all bytes from a place on, some at a time.
    func forEachPart(from start: Int, _ body: ([UInt8]) throws -> Void) throws {
        guard let file else { return }
        for offset in stride(from: start, to: file.count, by: 1 << 20) {
            try body(try file.bytes(min(1 << 20, file.count - offset), at: offset))
        }
    }
}

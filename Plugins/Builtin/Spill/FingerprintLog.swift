/// Fingerprints in the order in which they came, in a temporary file but for the last of them.
struct FingerprintLog {
    private let folder: String
    private var file: SpillFile?
    private var waiting: [Fingerprint] = []

    private static let size = MemoryLayout<Fingerprint>.stride
    private static let mostWaiting = 64 << 10

    init(in folder: String) {
        self.folder = folder
    }

    var count: Int { (file?.count ?? 0) / Self.size + waiting.count }

    mutating func append(_ fingerprint: Fingerprint) throws {
        waiting.append(fingerprint)
        guard waiting.count >= Self.mostWaiting else { return }
        let file = try file ?? SpillFile(in: folder)
        self.file = file
        try unsafe waiting.withUnsafeBytes { try unsafe file.append($0) }
        waiting.removeAll(keepingCapacity: true)
    }

    mutating func removeAll() { (file, waiting) = (nil, []) }

    func forEach(_ body: (Fingerprint) throws -> Void) throws {
        let end = file?.count ?? 0
        for start in stride(from: 0, to: end, by: Self.mostWaiting * Self.size) {
            let bytes = try file?.bytes(min(Self.mostWaiting * Self.size, end - start), at: start) ?? []
            try unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Fingerprint.self)) }.forEach(body)
        }
        try waiting.forEach(body)
    }
}

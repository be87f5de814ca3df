import MHPipeKit

/// Sorts records of bytes by the bytes of their keys, in bounded memory; records of equal keys keep their order.
///
/// What does not fit is sorted in parts, *runs*, one behind the other in one temporary file, and merged at the end.
struct ExternalSort {
    /// A record in memory: the first bytes of its key, and where it stands, which rises from record to record.
    private struct Entry {
        let prefix: UInt64
        let chunk: UInt32
        let offset: UInt32
        /// What it takes in memory, while the array of them doubles.
        static let bytes = 3 * MemoryLayout<Entry>.stride
    }

    private let memory: Int
    private let folder: String
    private var chunks: [OutputBuffer] = []
    private var entries: [Entry] = []
    private var bytesInMemory = 0
    private var file: SpillFile?
    private var runs: [Range<Int>] = []

    init(_ settings: SpillSettings) {
        memory = settings.memory.bytes
        folder = settings.folder.path
    }

    /// The number of runs on disk.
    var runCount: Int { runs.count }

    /// Adds a record behind the others.
    mutating func append(key: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) throws {
        let size = SortRecord.headBytes + key.count + content.count
        if bytesInMemory + size > memory / 8 * 7, !entries.isEmpty { try spill() }
        if chunks.last.map({ $0.count + size > $0.capacityInBytes }) ?? true {
            chunks.append(OutputBuffer(capacity: max(size, memory / 16)))
        }
        let (number, chunk) = (chunks.count - 1, chunks[chunks.count - 1])
        entries.append(unsafe Entry(prefix: SortRecord.prefix(key), chunk: UInt32(number), offset: UInt32(chunk.count)))
        unsafe SortRecord.append(key: key, content, to: chunk)
        bytesInMemory += size + Entry.bytes
    }

    /// Lends all records in the order of their keys, and forgets them.
    mutating func finish(_ body: (SortRecord) throws -> Void) throws {
        guard let file else {
            sort()
            for entry in entries { try body(record(entry)) }
            return reset()
        }
        try spill()
        var merge = RunMerge(try runs.map { try SortedRun(file, $0, bufferBytes: memory / 2 / runs.count) })
        while let record = merge.least {
            try body(record)
            try merge.dropLeast()
        }
        self.file = nil
        runs = []
        reset()
    }

    /// Lends all records so that those of equal keys come in their order.
    func forEach(_ body: (SortRecord) throws -> Void) throws {
        if let file {
            for range in runs {
                let run = try SortedRun(file, range, bufferBytes: 1 << 20)
                while let record = run.first {
                    try body(record)
                    try run.dropFirst()
                }
            }
        }
        for entry in entries { try body(record(entry)) }
    }

    func save(into state: OutputBuffer) throws {
        try forEach { record in
            unsafe state.append(number: record.bytes.count)
            unsafe state.append(record.bytes)
        }
        state.append(number: 0)
    }

    /// Takes over what another has saved.
    mutating func restore(_ state: inout StateReader) throws {
        while case let bytes = try state.counted(), !bytes.isEmpty {
            try unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let record = unsafe SortRecord(bytes) else { throw state.damage }
                try unsafe append(key: record.key, record.content)
            }
        }
    }

    private mutating func spill() throws {
        guard !entries.isEmpty else { return }
        sort()
        let file = try file ?? SpillFile(in: folder)
        self.file = file
        let start = file.count
        for entry in entries { try unsafe file.append(UnsafeRawBufferPointer(record(entry).bytes)) }
        runs.append(start..<file.count)
        reset()
    }

    private mutating func reset() {
        chunks.removeAll()
        entries.removeAll(keepingCapacity: true)
        bytesInMemory = 0
    }

    private func record(_ entry: Entry) -> SortRecord {
        let chunk = unsafe chunks[Int(entry.chunk)].bytes
        guard let start = chunk.baseAddress else { preconditionFailure("a record in an empty chunk") }
        return unsafe SortRecord(at: start + Int(entry.offset))
    }

    private mutating func sort() {
        let chunks = chunks
        func key(_ entry: Entry) -> UnsafeBufferPointer<UInt8> {
            guard let start = unsafe chunks[Int(entry.chunk)].bytes.baseAddress else {
                preconditionFailure("a record in an empty chunk")
            }
            return unsafe SortRecord(at: start + Int(entry.offset)).key
        }
        entries.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            let order = unsafe SortRecord.compare(key(left), key(right))
            return order != 0 ? order < 0 : (left.chunk, left.offset) < (right.chunk, right.offset)
        }
    }
}

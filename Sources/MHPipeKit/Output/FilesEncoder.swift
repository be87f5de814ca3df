/// Encodes each event for the file that it belongs to; `OutputFiles` makes it, and takes its bytes.
///
/// Where all events go into one file, it does what its base does. Else it collects what belongs together, of one unit and
/// of no more than some megabytes of events, so that there are few and large pieces.
public struct FilesEncoder<Base: EventEncoder>: EventEncoder {
    /// What was encoded for one file.
    private final class Collected {
        let path: [UInt8]
        let bytes = OutputBuffer()
        /// The rows of the batch at hand.
        var rows: [Int] = []
        /// The events that were encoded.
        var count = 0

        init(_ path: [UInt8]) {
            self.path = path
        }
    }

    private var base: Base
    private let template: PathTemplate
    private let fields: FieldSet
    private let pack: ((OutputBuffer, OutputBuffer) -> Void)?
    /// The base as what counts for the user; nil when it is none.
    private let tallying: ((Base) -> any TallyKeeping)?
    private let packed = OutputBuffer()
    /// In the order of their first events.
    private var files: [Collected] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var path: [UInt8] = []
    /// The bytes of the records that were encoded since the last flush.
    ///
    /// What was made of them would depend on how events fall into batches, and so would the pieces that are packed.
    private var recordBytes = 0

    private static var mostBytes: Int { 4 << 20 }
    private let flushBytes: Int
    /// The name of the one file whose parts are written; nil for a template of many, or one file without parts.
    private let onlyName: [UInt8]?
    private let isFramed: Bool
    /// The events that were looked at, until each time of the template was one.
    private var looks = 0
    /// The numbers of the fields that are to be times and were none so far.
    private var timeless: [Int]

    init(
        _ template: PathTemplate,
        _ base: Base,
        rotation: Rotation? = nil,
        pack: ((OutputBuffer, OutputBuffer) -> Void)? = nil,
        tallying: ((Base) -> any TallyKeeping)? = nil
    ) {
        onlyName = rotation == nil ? nil : template.file.map { FilePath($0).lastPart }
        isFramed = template.file == nil || rotation != nil
        flushBytes = min(Self.mostBytes, rotation?.pieceBytes ?? .max)
        self.template = template
        self.base = base
        self.pack = pack
        self.tallying = tallying
        fields = FieldSet(template.fieldPaths)
        timeless = template.timeFields
    }

    /// Encodes the selected events.
    ///
    /// - Parameters:
    ///   - batch: The events.
    ///   - output: Where the bytes go.
    /// - Throws: What the base throws.
    public mutating func encode(_ batch: EventBatch, into output: OutputBuffer) throws {
        guard isFramed else { return try base.encode(batch, into: output) }
        try batch.forEach(fields) { values in
            path.removeAll(keepingCapacity: true)
            if let onlyName { path += onlyName } else { template.append(values, to: &path) }
            if !timeless.isEmpty {
                looks += 1
                timeless.removeAll { PathTemplate.time(values, $0) != nil }
            }
            let row = values.row
            files[number()].rows.append(row)
            unsafe recordBytes += batch.recordBytes(row).count
            guard recordBytes >= flushBytes else { return }
            try encodeRows(of: batch)
            try flush(into: output)
        }
        try encodeRows(of: batch)
    }

    /// Hands on what was collected.
    ///
    /// - Parameter output: Where the bytes go.
    /// - Throws: What the base throws.
    public mutating func finishUnit(into output: OutputBuffer) throws {
        isFramed ? try flush(into: output) : try base.finishUnit(into: output)
    }

    /// The number of the file with the path at hand.
    private mutating func number() -> Int {
        if let number = numbers[path] { return number }
        files.append(Collected(path))
        numbers[path] = files.count - 1
        return files.count - 1
    }

    private mutating func encodeRows(of batch: EventBatch) throws {
        var rejected: [Int: String] = [:]
        for file in files where !file.rows.isEmpty {
            let part = batch.fork(selecting: file.rows)
            try base.encode(part, into: file.bytes)
            let rejections = part.takeRejections()
            for rejection in rejections { rejected[rejection.row] = rejection.reason }
            file.count += file.rows.count - rejections.count
            file.rows.removeAll(keepingCapacity: true)
        }
        batch.reject(rows: rejected)
    }

    private mutating func flush(into output: OutputBuffer) throws {
        for file in files {
            try base.finishUnit(into: file.bytes)
            guard !file.bytes.isEmpty else { continue }
            let head = FileFrame.Head(path: file.path, rows: file.count, text: file.bytes.count)
            guard let pack else {
                unsafe FileFrame.append(file.bytes.bytes, for: head, to: output)
                continue
            }
            packed.removeAll()
            pack(file.bytes, packed)
            unsafe FileFrame.append(packed.bytes, for: head, to: output)
        }
        (files, numbers, recordBytes) = ([], [:], 0)
    }
}

extension FilesEncoder: TallyKeeping {
    private var tallyingBase: (any TallyKeeping)? { tallying.map { $0(base) } }

    private var baseTally: [Int] { tallyingBase?.tally ?? [] }

    /// What the base counts, the events, and for each time of the template whether it was one.
    package var tally: [Int] {
        baseTally + [looks] + template.timeFields.map { timeless.contains($0) ? 0 : 1 }
    }

    package func remarks(_ tally: [Int]) -> [String] {
        let own = tally.dropFirst(baseTally.count)
        let never = own.first == 0 ? [] : zip(template.timeFields, own.dropFirst()).filter { $0.1 == 0 }.map(\.0)
        return (tallyingBase?.remarks(Array(tally.prefix(baseTally.count))) ?? [])
            + never.map { "no name has a time: '\(template.fieldPaths[$0].text)' is none in any event, or not there" }
    }
}

extension FilesEncoder: RecordCopying {
    package var copiesRecords: Bool {
        !isFramed && cast(base, to: (any RecordCopying).self)?.copiesRecords == true
    }
}

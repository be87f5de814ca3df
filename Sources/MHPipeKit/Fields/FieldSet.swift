/// Reads some fields of every event of a batch, walking every object on the way once: the fast way to values.
///
/// What a path's first key means is found out once a batch, and twenty fields under `userIdentity` walk that object once
/// an event. Make it once, in `init`, and hand it to `EventBatch.forEach` and `EventBatch.keep`, on one queue. Objects
/// and arrays come without white space between their tokens. What transforms have added hides the record's own key.
@safe
public final class FieldSet {
    /// Where the values of a field come from in one batch.
    private enum Origin {
        /// A value that a transform added, or one below it.
        case member(AddedColumn, Int, below: ArraySlice<[UInt8]>)
        /// An object that a transform added, as a whole.
        case object(AddedColumn)
        /// A key that an added value hides or does not have.
        case nothing
    }

    private let paths: [FieldPath]
    /// The paths that lead below a known field, or to another key.
    private let tree: FieldTree

    // Invariant: `positions` has an index position or -1 for each node, `cells` the value of each path in the row that was
    // read last.
    private let positions: UnsafeMutablePointer<Int>
    private let cells: UnsafeMutablePointer<JSONSlice>

    // Only `attach` writes these, and no read can overlap it on one queue.
    @exclusivity(unchecked) private var batch: EventBatch?
    /// The fields that the scan has noted, those that are walked to, and those that do not come from the record: of every
    /// record, and of those of the batch at hand.
    private let allNoted: [(field: Int, known: KnownField)]
    private let allWalked: [(field: Int, node: Int)]
    @exclusivity(unchecked) private var noted: [(field: Int, known: KnownField)] = []
    @exclusivity(unchecked) private var walked: [(field: Int, node: Int)] = []
    @exclusivity(unchecked) private var added: [(field: Int, origin: Origin)] = []

    /// Values that do not stand anywhere as they are handed out, one after the other.
    private let texts = OutputBuffer()
    @exclusivity(unchecked) private var textRanges: [(field: Int, range: Range<Int>)] = []

    /// Makes a set.
    ///
    /// - Parameter paths: The fields, in the order in which their values are numbered.
    public init(_ paths: [FieldPath]) {
        self.paths = paths
        tree = FieldTree(paths.filter { $0.noted == nil })
        allNoted = paths.enumerated().compactMap { field, path in path.noted.map { (field, $0) } }
        allWalked = zip(paths.indices.filter { paths[$0].noted == nil }, tree.places).map { ($0, $1) }
        unsafe positions = .allocate(capacity: max(tree.count, 1))
        unsafe positions.initialize(repeating: -1, count: tree.count)
        unsafe cells = .allocate(capacity: max(paths.count, 1))
        unsafe cells.initialize(repeating: .missing, count: paths.count)
    }

    deinit {
        unsafe positions.deallocate()
        unsafe cells.deallocate()
    }

    /// True for a set without fields.
    package var isEmpty: Bool { paths.isEmpty }

    /// Turns to a batch, which is kept until the next one or `detach`.
    package func attach(_ batch: EventBatch) {
        unsafe self.batch = batch
        unsafe added =
            batch.columns.isEmpty
            ? []
            : paths.enumerated().compactMap { field, path in
                guard let column = batch.columns.first(where: { $0.name == path.keys[0] }) else { return nil }
                return (field, Self.origin(path, in: column))
            }
        unsafe (noted, walked) = (allNoted, allWalked)
        guard unsafe !added.isEmpty else { return }
        let isAdded = unsafe Set(added.map(\.field)).contains
        unsafe noted.removeAll { isAdded($0.field) }
        unsafe walked.removeAll { isAdded($0.field) }
    }

    /// Lets go of the batch.
    package func detach() {
        unsafe batch = nil
        unsafe (noted, walked, added) = ([], [], [])
    }

    /// Reads a row of the batch that is attached.
    ///
    /// - Parameter row: The row.
    /// - Returns: The values, one for each path; valid until the next call.
    package func read(_ row: Int) -> UnsafeBufferPointer<JSONSlice> {
        let values = unsafe UnsafeBufferPointer(start: cells, count: paths.count)
        guard let batch = unsafe batch else { return unsafe values }
        let (cursor, rows) = unsafe (JSONCursor(batch.window), batch.rows)
        if unsafe !textRanges.isEmpty {
            texts.removeAll()
            unsafe textRanges.removeAll(keepingCapacity: true)
        }
        for (field, known) in unsafe noted {
            let position = rows.position(of: known, row: row)
            unsafe cells[field] = position > 0 ? slice(cursor, position, field) : .missing
        }
        if unsafe !walked.isEmpty { locate(rows, row, cursor) }
        for (field, node) in unsafe walked {
            let position = unsafe positions[node]
            unsafe cells[field] = position < 0 ? .missing : slice(cursor, position, field)
        }
        for (field, origin) in unsafe added { unsafe cells[field] = slice(origin, row, field) }
        // The texts may have moved while they grew, so they are pointed to when all are there.
        for (field, range) in unsafe textRanges {
            unsafe cells[field].bytes = unsafe UnsafeBufferPointer(rebasing: texts.bytes[range])
        }
        return unsafe values
    }

    private func locate(_ rows: RowTable, _ row: Int, _ cursor: JSONCursor) {
        for root in tree.knownRoots {
            let found = rows.position(of: root.field, row: row)
            let position = found > 0 ? found : -1
            unsafe positions[root.node] = position
            unsafe tree.locate(below: root.node, position, cursor, positions)
        }
        guard let record = tree.recordNode else { return }
        unsafe tree.locate(below: record, Int(rows.records[row].position), cursor, positions)
    }

    @inline(__always)
    private func slice(_ cursor: JSONCursor, _ position: Int, _ field: Int) -> JSONSlice {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "\""): unsafe JSONSlice(kind: .string, bytes: cursor.stringBytes(position))
        case UInt8(ascii: "{"): container(.object, cursor, position, field)
        case UInt8(ascii: "["): container(.array, cursor, position, field)
        default: cursor.slice(position)
        }
    }

    private func container(_ kind: JSONKind, _ cursor: JSONCursor, _ position: Int, _ field: Int) -> JSONSlice {
        let end = cursor.skip(position)
        guard !cursor.isCompact(position + 1, end) else {
            return unsafe JSONSlice(kind: kind, bytes: cursor.bytes(from: position, to: end))
        }
        let start = texts.count
        for token in position..<end { unsafe texts.append(cursor.token(token)) }
        unsafe textRanges.append((field, start..<texts.count))
        return unsafe JSONSlice(kind: kind, bytes: JSONSlice.missing.bytes)
    }

    private func slice(_ origin: Origin, _ row: Int, _ field: Int) -> JSONSlice {
        switch origin {
        case .nothing: return .missing
        case .member(let column, let member, let below): return column.slice(row: row, member: member).value(at: below)
        case .object(let column):
            guard column.isSet(row: row) else { return .missing }
            let start = texts.count
            JSONLines.append(column, row, to: texts)
            unsafe textRanges.append((field, start..<texts.count))
            return unsafe JSONSlice(kind: .object, bytes: JSONSlice.missing.bytes)
        }
    }

    private static func origin(_ path: FieldPath, in column: AddedColumn) -> Origin {
        if column.members.isEmpty { return .member(column, 0, below: path.keyBytes.dropFirst()) }
        guard path.keys.count > 1 else { return .object(column) }
        guard let member = column.members.firstIndex(of: path.keys[1]) else { return .nothing }
        return .member(column, member, below: path.keyBytes.dropFirst(2))
    }
}

extension FieldPath {
    /// The field that the path is, when the scan notes where it stands.
    fileprivate var noted: KnownField? { keys.count == 1 ? known : nil }
}

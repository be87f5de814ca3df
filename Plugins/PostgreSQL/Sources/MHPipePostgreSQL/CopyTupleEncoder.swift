import MHPipeKit

/// Encodes events as tuples of PostgreSQL's binary COPY format.
///
/// A tuple is the number of columns in 16 bits, then for each its length in 32 bits (-1 for NULL) and its bytes, all
/// big-endian (postgresql.org/docs/current/sql-copy.html).
/// Every tuple is one that the server takes, since one that it refuses would end the whole COPY.
struct CopyTupleEncoder: EventEncoder {
    private let columns: [TableColumn]
    private let losses: ValueLosses
    private var counts: [ValueLosses.Count]
    private var lines = JSONLinesEncoder()
    private let records = OutputBuffer()
    private let hasRecord: Bool

    /// What stands before the first tuple: the signature, no flags, no extension.
    static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
    /// What stands behind the last one.
    static let trailer: [UInt8] = [0xFF, 0xFF]

    /// A value has less than 1 GB; the server needs room for the rest of the row.
    private static let mostTextBytes = 200_000_000
    /// An entry of the key's index has 2704 bytes at most; an event id has 36.
    private static let mostKeyBytes = 1000

    init(_ columns: [TableColumn], _ losses: ValueLosses) {
        self.columns = columns
        self.losses = losses
        counts = Array(repeating: ValueLosses.Count(), count: columns.count)
        hasRecord = columns.contains(.record)
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        records.removeAll()
        if hasRecord { lines.encode(batch, into: records) }
        var rest = records.bytes[...]
        for event in batch {
            output.append(bigEndian: Int16(columns.count))
            for index in columns.indices {
                guard let path = columns[index].path else {
                    let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
                    append(json: UnsafeBufferPointer(rebasing: rest[..<end]), column: index, into: output)
                    rest = rest[end...].dropFirst()
                    continue
                }
                append(event[path], column: index, into: output)
            }
        }
        losses.add(counts)
        for index in counts.indices { counts[index] = ValueLosses.Count() }
    }

    private mutating func append(_ value: JSONValue?, column: Int, into output: OutputBuffer) {
        guard let value, !value.isNull else { return appendNull(into: output) }
        counts[column].hasValue = true
        switch columns[column].kind {
        case .text: append(text: value.string ?? value.json, column: column, into: output)
        case .jsonb:
            var json = value.json
            json.withUTF8 { append(json: $0, column: column, into: output) }
        case .boolean:
            guard let flag = Self.flag(value) else { return appendLost(column, into: output) }
            output.append(bigEndian: Int32(1))
            output.append(flag ? 1 : 0)
        case .double:
            guard let number = value.double, number.isFinite else { return appendLost(column, into: output) }
            output.append(bigEndian: Int32(8))
            output.append(bigEndian: number.bitPattern)
        case .timestamp:
            guard let time = value.string.flatMap(ServerTime.microseconds) else {
                return appendLost(column, into: output)
            }
            output.append(bigEndian: Int32(8))
            output.append(bigEndian: time)
        }
    }

    /// Some services write booleans as texts.
    private static func flag(_ value: JSONValue) -> Bool? {
        switch value.string {
        case "true": true
        case "false": false
        default: value.bool
        }
    }

    private mutating func append(text: String, column: Int, into output: OutputBuffer) {
        var text = text
        if columns[column] == .eventID {
            // All events with an empty id would be one.
            if text.isEmpty { return appendNull(into: output) }
            if text.utf8.count > Self.mostKeyBytes { return appendLost(column, into: output) }
        }
        if text.utf8.count > Self.mostTextBytes { return appendLost(column, into: output) }
        if text.utf8.contains(0) {
            counts[column].repaired += 1
            text = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
        }
        text.withUTF8 { bytes in
            output.append(bigEndian: Int32(bytes.count))
            output.append(bytes)
        }
    }

    private mutating func append(json: UnsafeBufferPointer<UInt8>, column: Int, into output: OutputBuffer) {
        switch JSONBText(checking: json) {
        case .refused: appendLost(column, into: output)
        case .fine:
            appendVersionOfJSONB(json.count, into: output)
            output.append(json)
        case .repaired(let bytes):
            counts[column].repaired += 1
            appendVersionOfJSONB(bytes.count, into: output)
            output.append(bytes)
        }
    }

    /// The text stands behind a byte with the format's version, which has been 1 ever since.
    private func appendVersionOfJSONB(_ count: Int, into output: OutputBuffer) {
        output.append(bigEndian: Int32(count + 1))
        output.append(1)
    }

    private mutating func appendLost(_ column: Int, into output: OutputBuffer) {
        counts[column].nulls += 1
        appendNull(into: output)
    }

    private func appendNull(into output: OutputBuffer) {
        output.append(bigEndian: Int32(-1))
    }
}

extension OutputBuffer {
    /// Appends a number with its highest byte first.
    fileprivate func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        let count = Number.bitWidth / 8
        let room = reserve(count)
        var rest = number
        for place in (0..<count).reversed() {
            room[place] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        commit(count)
    }
}

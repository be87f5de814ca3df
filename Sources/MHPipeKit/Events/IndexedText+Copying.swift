extension IndexedText {
    /// Bytes and index of a text that was copied, with the padding that the layout asks for.
    private final class Copy {
        let text: UnsafeMutablePointer<UInt8>
        let index: UnsafeMutablePointer<UInt32>

        init(_ bytes: [UInt8], _ offsets: [UInt32]) {
            text = .allocate(capacity: bytes.count + 64)
            text.initialize(repeating: 0, count: bytes.count + 64)
            text.update(from: bytes, count: bytes.count)
            index = .allocate(capacity: offsets.count)
            index.initialize(from: offsets, count: offsets.count)
        }

        deinit {
            text.deallocate()
            index.deallocate()
        }
    }

    /// Copies and indexes a small text, one byte at a time.
    ///
    /// Nil when a string is not closed.
    ///
    /// - Parameter bytes: Any bytes; what is wrong with them is in `defects`.
    package convenience init?(copying bytes: [UInt8]) {
        let result = bytes.withUnsafeBufferPointer { ScalarIndexer.index($0) }
        guard result.unclosedString == nil else { return nil }
        let copy = Copy(bytes, result.index)
        self.init(
            text: copy.text,
            count: bytes.count,
            index: copy.index,
            indexCount: result.index.count - 2,
            defects: result.defects,
            owner: copy
        )
    }
}

extension EventBatch {
    /// A batch of records given as JSON objects, for tests of transforms and sinks.
    ///
    /// - Parameters:
    ///   - records: JSON objects. One that is not valid JSON is left out.
    ///   - origin: Where they claim to come from.
    public convenience init(records: [String], origin: EventOrigin = EventOrigin(source: "test", unit: "test.json")) {
        let scanner = RecordScanner()
        let rows = RowTable()
        let valid = records.filter { IndexedText(copying: Array($0.utf8)).map(Self.isRecord) ?? false }
        let text = Array(valid.joined(separator: "\n").utf8)
        let window = IndexedText(copying: text) ?? IndexedText.empty
        var position = 0
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: KnownField.count) { fields in
            guard let places = fields.baseAddress else { return }
            fields.initialize(repeating: 0)
            while position < window.indexCount,
                case .complete(let end) = scanner.scan(window, from: position, fields: places)
            {
                let record = RowTable.Record(
                    start: window.index[position],
                    end: window.index[end - 1] + 1,
                    position: UInt32(position),
                    endPosition: UInt32(end),
                    number: rows.count
                )
                rows.append(record, fields: places)
                position = end
            }
        }
        self.init(window: window, rows: rows, origin: origin)
    }

    private static func isRecord(_ window: IndexedText) -> Bool {
        guard window.defects.isEmpty, window.indexCount > 0, window.text[Int(window.index[0])] == UInt8(ascii: "{")
        else {
            return false
        }
        var fields = [UInt32](repeating: 0, count: KnownField.count)
        guard case .complete(let end) = RecordScanner().scan(window, from: 0, fields: &fields) else { return false }
        return end == window.indexCount
    }
}

extension IndexedText {
    /// A window without text.
    fileprivate static var empty: IndexedText {
        let copy = Copy([], [0, 0])
        return IndexedText(text: copy.text, count: 0, index: copy.index, indexCount: 0, defects: [], owner: copy)
    }
}

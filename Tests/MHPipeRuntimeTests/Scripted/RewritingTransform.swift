import MHPipeKit

/// Puts each event into a record of its own making, in memory that it uses again for the next batch.
struct RewritingTransform: Transform {
    static let name = "rewriting"
    static let summary = "Puts each event into another record."

    private let memory = Memory()

    init(_ options: NoOptions, _ context: PluginContext) {}

    /// What becomes of an event.
    static func rewritten(_ event: String) -> String {
        #"{"eventVersion":"1.08","was":\#(event)}"#
    }

    mutating func process(_ batch: EventBatch) throws {
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        let lines = String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        var records = [String](repeating: "{}", count: batch.rowCount)
        var numbers = [Int](repeating: 0, count: batch.rowCount)
        for (event, line) in zip(batch, lines) {
            records[event.row] = Self.rewritten(line)
            numbers[event.row] = event.number
        }
        try memory.put(records, numbers, into: batch)
    }

    /// A text and its index, in the same place for every batch.
    private final class Memory {
        private let text = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 << 20)
        private let index = UnsafeMutablePointer<UInt32>.allocate(capacity: 1 << 20)
        private let rows = RowTable()

        deinit {
            text.deallocate()
            index.deallocate()
        }

        func put(_ records: [String], _ numbers: [Int], into batch: EventBatch) throws {
            guard let window = IndexedText(copying: Array((records.joined(separator: "\n")).utf8)) else { return }
            text.update(from: window.text, count: window.count + 1)
            index.update(from: window.index, count: window.indexCount + 2)
            let own = IndexedText(
                text: text,
                count: window.count,
                index: index,
                indexCount: window.indexCount,
                defects: [],
                owner: self
            )
            rows.removeAll()
            var position = 0
            var fields = [UInt32](repeating: 0, count: KnownField.count)
            for number in numbers {
                guard case .complete(let end) = RecordScanner().scan(own, from: position, fields: &fields) else {
                    return
                }
                let record = RowTable.Record(
                    start: own.index[position],
                    end: own.index[end - 1] + 1,
                    position: UInt32(position),
                    endPosition: UInt32(end),
                    number: number
                )
                rows.append(record, fields: fields)
                position = end
            }
            batch.replaceRecords(own, rows)
        }
    }
}

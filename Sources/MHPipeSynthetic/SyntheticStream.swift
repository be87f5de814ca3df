import MHPipeKit

/// The text of a made-up file, made while it is read.
final class SyntheticStream: ByteStream {
    private var records: SyntheticRecords
    private var text: [UInt8] = []
    /// How much of `text` was read.
    private var position = 0
    private var isAtEnd = false

    /// How much is made at a time, give or take a record.
    private static let pieceBytes = 64 << 10

    init(_ file: SyntheticFile) {
        records = SyntheticRecords(file)
        text.append(contentsOf: #"{"Records":["#.utf8)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if position == text.count {
            position = 0
            text.removeAll(keepingCapacity: true)
        }
        while !isAtEnd, text.count < Self.pieceBytes {
            let isFirst = records.written == 0
            if !isFirst, !records.isEmpty { text.append(UInt8(ascii: ",")) }
            if !records.writeNext(into: &text) {
                text.append(contentsOf: "]}".utf8)
                isAtEnd = true
            }
        }
        let count = min(buffer.count, text.count - position)
        unsafe buffer.copyBytes(from: text[position..<position + count])
        position += count
        return count
    }
}

/// Bytes for one of many files, on their way from an encoder to its sink: four numbers, the path, the bytes.
enum FileFrame {
    /// What stands before the bytes.
    struct Head {
        var path: [UInt8]
        /// The events that the bytes are of.
        var rows: Int
        /// The bytes before they were compressed.
        var text: Int
    }

    private static let countSize = 8
    /// What stands before every path.
    static let numbersSize = 4 * countSize

    static func append(_ content: UnsafeBufferPointer<UInt8>, for head: Head, to output: OutputBuffer) {
        for count in [head.path.count, content.count, head.rows, head.text] {
            for byte in 0..<countSize { output.append(UInt8(truncatingIfNeeded: count >> (8 * byte))) }
        }
        output.append(head.path)
        unsafe output.append(content)
    }

    /// How long a frame is that begins with these numbers; nil where none begins so.
    static func size(_ numbers: Span<UInt8>) -> Int? {
        let (path, content) = (count(numbers, at: 0), count(numbers, at: countSize))
        guard (0...mostBytes).contains(path), (0...mostBytes).contains(content) else { return nil }
        return numbersSize + path + content
    }

    /// More than any frame has.
    private static let mostBytes = 1 << 40

    static func forEach(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ body: (Head, _ bytes: UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        let span = unsafe bytes.span
        var start = 0
        while start < span.count {
            let pathStart = start + numbersSize
            let pathEnd = pathStart + count(span, at: start)
            let end = pathEnd + count(span, at: start + countSize)
            let path = (pathStart..<pathEnd).map { span[$0] }
            let (rows, text) = (count(span, at: start + 2 * countSize), count(span, at: start + 3 * countSize))
            let head = Head(path: path, rows: rows, text: text)
            // The bounds are checked where the part is cut out.
            try unsafe body(head, UnsafeBufferPointer(rebasing: bytes[pathEnd..<end]))
            start = end
        }
    }

    private static func count(_ bytes: Span<UInt8>, at start: Int) -> Int {
        (0..<countSize).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
}

/// Bytes for one of many files, on their way from an encoder to its sink: two lengths, the path, the bytes.
enum FileFrame {
    private static let countSize = 8

    static func append(_ content: OutputBuffer, for path: [UInt8], to output: OutputBuffer) {
        for count in [path.count, content.count] {
            for byte in 0..<countSize { output.append(UInt8(truncatingIfNeeded: count >> (8 * byte))) }
        }
        output.append(path)
        unsafe output.append(content.bytes)
    }

    static func forEach(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ body: (_ path: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        let span = unsafe bytes.span
        var start = 0
        while start < span.count {
            let pathStart = start + 2 * countSize
            let pathEnd = pathStart + count(span, at: start)
            let end = pathEnd + count(span, at: start + countSize)
            let path = (pathStart..<pathEnd).map { span[$0] }
            // The bounds are checked where the part is cut out.
            try unsafe body(path, UnsafeBufferPointer(rebasing: bytes[pathEnd..<end]))
            start = end
        }
    }

    private static func count(_ bytes: Span<UInt8>, at start: Int) -> Int {
        (0..<countSize).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
}

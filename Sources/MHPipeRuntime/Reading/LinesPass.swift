import MHPipeKit

/// One pass of a document reader over a window of lines, each of which is a document.
///
/// A line that is one sound object is read where it stands. Any other is read as a window of its own, so that what is
/// said of it does not depend on its neighbours, nor on how many of them are in the window.
@safe
struct LinesPass {
    private let reader: DocumentReader
    private let window: IndexedText
    private let text: UnsafeBufferPointer<UInt8>
    /// For each line that ends inside a string, where that begins; of the lines that are left.
    private var openStrings: ArraySlice<Int>
    private var pass: WindowPass

    /// - Parameters:
    ///   - reader: The reader, which may stand inside a line.
    ///   - window: Lines that are all there; the first may have begun in the window before.
    ///   - openStrings: For each line that ends inside a string, where that begins.
    ///   - proven: The lines that its index has less than whole.
    init(reader: DocumentReader, window: IndexedText, openStrings: [Int], proven: [ProvenRecords]) {
        self.reader = reader
        self.window = window
        self.openStrings = openStrings[...]
        unsafe text = unsafe UnsafeBufferPointer(start: window.text, count: window.count)
        pass = WindowPass(
            reader: reader,
            window: window,
            limit: window.count,
            isFinal: true,
            isLine: true,
            proven: proven
        )
    }

    mutating func run() throws {
        if reader.isInside { try readLine(from: 0) }
        try pass.passProven()
        while pass.position < window.indexCount {
            let start = unsafe Int(window.index[pass.position])
            let end = lineEnd(from: start)
            if try !pass.takeLine(to: end) { try readLine(from: start) }
            try pass.passProven()
        }
    }

    private func lineEnd(from start: Int) -> Int {
        unsafe text.firstLineEnd(from: start) ?? text.count
    }

    /// Reads what is left of a line as a document.
    private mutating func readLine(from start: Int) throws {
        let end = lineEnd(from: start)
        let first = pass.position
        pass.advance(to: end)
        var tokens = unsafe UnsafeBufferPointer(start: window.index + first, count: pass.position - first)[...]
        openStrings = openStrings.drop { $0 < start }
        let open = openStrings.first.flatMap { $0 < end ? $0 : nil }
        if let open { unsafe tokens = unsafe tokens.prefix { $0 < open } }
        let memory = unsafe IndexMemory(tokens + [UInt32(end), UInt32(end)])
        let line = unsafe IndexedText(
            text: window.text,
            count: end,
            index: memory.offsets,
            indexCount: tokens.count,
            defects: window.defects(from: start, to: end),
            owner: memory
        )
        try reader.readLine(line, limit: open ?? end, of: window)
    }
}

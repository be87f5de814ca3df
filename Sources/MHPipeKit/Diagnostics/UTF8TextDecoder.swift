/// Turns the bytes of a file into text, and says where they are no UTF-8.
struct UTF8TextDecoder {
    /// The text, with U+FFFD in the place of bytes that are no UTF-8.
    private(set) var text = ""
    /// One mistake a line, in file order.
    private(set) var mistakes: [Diagnostic] = []
    /// True when the bytes are no text at all.
    private(set) var isBinary = false

    /// A file with more bad lines than this has one cause for all of them.
    private static let mostMistakes = 20

    mutating func decode(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        text = String(decoding: bytes, as: UTF8.self)
        if bytes.contains(0) {
            isBinary = true
            mistakes = [Self.notText(bytes)]
        } else if String(validating: bytes, as: UTF8.self) == nil {
            findMistakes(bytes)
        }
    }

    private mutating func findMistakes(_ bytes: [UInt8]) {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where String(validating: line, as: UTF8.self) == nil {
            guard mistakes.count < Self.mostMistakes else { return }
            mistakes.append(Self.mistake(in: line, number: index + 1))
        }
    }

    private static func mistake(in line: ArraySlice<UInt8>, number: Int) -> Diagnostic {
        var before = ""
        var decoder = UTF8()
        var bytes = line.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) { before.unicodeScalars.append(scalar) }
        let byte = line[line.startIndex + before.utf8.count]
        if number == 1, before.unicodeScalars.first == "\u{FEFF}" { before.unicodeScalars.removeFirst() }
        return Diagnostic(
            "this line is not UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true)) has no place here",
            at: SourceSpan(line: number, column: before.count + 1),
            notes: ["save the file as UTF-8"]
        )
    }

    private static func notText(_ bytes: [UInt8]) -> Diagnostic {
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        return Diagnostic(
            isUTF16 ? "this file is UTF-16, and a pipeline file is UTF-8" : "this is no text file: it holds zero bytes",
            notes: isUTF16 ? ["save the file as UTF-8"] : []
        )
    }
}

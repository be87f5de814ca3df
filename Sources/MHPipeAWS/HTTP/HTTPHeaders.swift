/// The headers of an answer, as the lines that came; of small objects they are most of what comes, and few are looked at.
struct HTTPHeaders: Sendable {
    /// Each with a line feed behind it.
    private var lines: [UInt8] = []
    /// How many lines there are.
    private(set) var count = 0

    init() {}

    init(_ headers: [(name: String, value: String)]) {
        for (name, value) in headers { append("\(name): \(value)".utf8) }
    }

    /// Takes another line, without its end.
    mutating func append(_ line: some Collection<UInt8>) {
        lines.append(contentsOf: line)
        lines.append(UInt8(ascii: "\n"))
        count += 1
    }

    /// Names in lower case, and values; lines that are no header are passed over.
    var all: [(name: String, value: String)] {
        lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return (String(decoding: line[..<colon], as: UTF8.self).lowercased(), Self.trimmed(line[(colon + 1)...]))
        }
    }

    /// The last header of a name, in lower case.
    subscript(name: String) -> String? {
        let name = Array(name.utf8)
        var found: Range<Int>?
        var start = 0
        while let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if Self.isNamed(lines[start..<end], name) { found = (start + name.count + 1)..<end }
            start = end + 1
        }
        return found.map { Self.trimmed(lines[$0]) }
    }

    private static func isNamed(_ line: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
        guard line.count > name.count, line[line.startIndex + name.count] == UInt8(ascii: ":") else { return false }
        for (byte, wanted) in zip(line, name) where byte != wanted {
            guard UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte, byte | 0x20 == wanted else { return false }
        }
        return true
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}

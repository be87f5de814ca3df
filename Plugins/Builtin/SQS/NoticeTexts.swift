import MHPipeKit

/// The JSON texts of a file, one after the other: one on each line, or over several, or the elements of one array.
///
/// A line that is no JSON text, and does not begin one, is given as it is.
struct NoticeTexts {
    private let bytes: [UInt8]
    private var place = 0
    private var isFirst = true
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A mark that some editors put before the text.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next text, and the line where it begins.
    mutating func next() -> (text: String, line: Int)? {
        while place < bytes.count, Self.isSpace(bytes[place]) { advance(to: place + 1) }
        guard place < bytes.count else { return nil }
        let start = (place, line)
        let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
        let whole = text(place..<lineEnd)
        if Self.isJSON(whole) {
            advance(to: lineEnd)
            return (whole, start.1)
        }
        // Several on one line, or one on several.
        // No message is so long, but an array of all of them may be, and begins the file.
        let most = isFirst ? bytes.count : min(bytes.count, place + Self.mostBytes)
        isFirst = false
        if let end = Self.end(of: bytes[..<most], from: place), Self.isJSON(text(place..<end)) {
            advance(to: end)
            return (text(start.0..<end), start.1)
        }
        advance(to: lineEnd)
        return (whole, start.1)
    }

    private static let mostBytes = 2 << 20

    private func text(_ range: Range<Int>) -> String {
        var range = range
        while range.count > 0, Self.isSpace(bytes[range.upperBound - 1]) {
            range = range.lowerBound..<(range.upperBound - 1)
        }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    private mutating func advance(to end: Int) {
        line += bytes[place..<end].count { $0 == 0x0A }
        place = end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func isJSON(_ text: String) -> Bool {
        JSONValue(parsing: text).map { $0.json.utf8.count == text.utf8.count } ?? false
    }

    /// Where the brackets that open at a place are closed; nil where none do, or they never are.
    private static func end(of bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var (depth, isInString, place) = (0, false, start)
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\\") where isInString: place += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: if depth == 0 { return nil }
            }
            place += 1
        }
        return nil
    }
}

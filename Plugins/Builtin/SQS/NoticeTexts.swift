import MHPipeKit

/// The JSON texts of a file, one after the other: one on each line, or over several, or the elements of one array.
///
/// A line that is no JSON text, and does not begin one, is given as it is. Of what is read, only the text at hand is kept: no
/// message is longer than 2 MiB, but an array of all of them may be, and begins the file.
struct NoticeTexts {
    /// Adds what comes next; false at the end.
    typealias More = (inout [UInt8]) throws -> Bool

    private let more: More
    /// What was read, and not given before.
    private var bytes: [UInt8] = []
    private var place = 0
    private var isFirst = true
    private var line = 1

    init(_ more: @escaping More) {
        self.more = more
    }

    /// The next text, and the line where it begins.
    mutating func next() throws -> (text: String, line: Int)? {
        if place > Self.keptBytes {
            bytes.removeFirst(place)
            place = 0
        }
        // A mark that some editors put before the text.
        if isFirst {
            while bytes.count < 3, try more(&bytes) {}
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        }
        while try isThere(place), Self.isSpace(bytes[place]) { advance(to: place + 1) }
        guard place < bytes.count else { return nil }
        let first = line
        defer { isFirst = false }
        let lineEnd = try lineEnd()
        let whole = text(place..<lineEnd)
        if Self.isJSON(whole) {
            advance(to: lineEnd)
            return (whole, first)
        }
        // Several on one line, or one on several.
        if let end = try end(), case let several = text(place..<end), Self.isJSON(several) {
            advance(to: end)
            return (several, first)
        }
        advance(to: lineEnd)
        return (whole, first)
    }

    /// True when there is a byte at a place, which is read if it was not.
    private mutating func isThere(_ place: Int) throws -> Bool {
        while place >= bytes.count { guard try more(&bytes) else { return false } }
        return true
    }

    private mutating func lineEnd() throws -> Int {
        var start = place
        while try isThere(start) {
            if let end = bytes[start...].firstIndex(of: 0x0A) { return end }
            start = bytes.count
        }
        return bytes.count
    }

    private static let keptBytes = 256 << 10
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

    private static func isJSON(_ text: String) -> Bool { JSONValue(parsing: text) != nil }

    /// Where the brackets that open at the place are closed; nil where none do, or they never are.
    private mutating func end() throws -> Int? {
        let most = isFirst ? Int.max : place + Self.mostBytes
        var (depth, isInString, scanned) = (0, false, place)
        while scanned < most, try isThere(scanned) {
            switch bytes[scanned] {
            case UInt8(ascii: "\\") where isInString: scanned += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return scanned + 1 }
            default: if depth == 0 { return nil }
            }
            scanned += 1
        }
        return nil
    }
}

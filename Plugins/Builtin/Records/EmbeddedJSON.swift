import MHPipeKit

/// Makes a JSON value of a string that holds one.
///
/// Only objects and arrays count: a text such as `5` or `true` may be meant as a text.
final class EmbeddedJSON {
    /// What became of a string.
    enum Outcome {
        /// The value's text.
        case value([UInt8])
        /// A text that does not begin as an object or array does.
        case plain
        /// A text that begins so and is no JSON.
        case damaged
    }

    private let scanner = RecordScanner()
    private var fields = [UInt32](repeating: 0, count: KnownField.count)

    /// Reads a string.
    ///
    /// - Parameters:
    ///   - bytes: What stands between its quotes.
    ///   - depth: How many objects and arrays it is in; all together may be as deep as a record.
    ///   - isNested: True when strings inside the value are read likewise.
    /// - Returns: What it is.
    func read(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int, isNested: Bool) -> Outcome {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        unsafe JSONText.decode(bytes) { text.append($0) }
        guard let first = text.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return .plain }
        // Half a pair of surrogates cannot stand in the text, and must not get lost.
        guard !Self.hasReplacement(text), let window = IndexedText(copying: text), window.defects.isEmpty,
            window.indexCount > 0, case .complete(let end) = unsafe scanner.scanValue(window, at: 0, fields: &fields),
            end == window.indexCount, Self.nesting(of: window) + depth <= RecordScanner.maximumDepth
        else { return .damaged }
        return .value(isNested ? expanded(window, text, depth: depth) : text)
    }

    /// The text with the strings that hold JSON replaced.
    private func expanded(_ window: IndexedText, _ text: [UInt8], depth: Int) -> [UInt8] {
        defer { withExtendedLifetime(window) {} }
        let cursor = JSONCursor(window)
        var output: [UInt8] = []
        var (copied, open) = (0, depth)
        for position in 0..<window.indexCount {
            switch cursor.byte(at: position) {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\"") where cursor.byte(at: position + 1) != UInt8(ascii: ":"):
                let string = unsafe cursor.stringBytes(position)
                guard case .value(let value) = unsafe read(string, depth: open, isNested: true) else { continue }
                let start = unsafe Int(window.index[position])
                output += text[copied..<start]
                output += value
                copied = start + string.count + 2
            default: break
            }
        }
        return output + text[copied...]
    }

    private static func hasReplacement(_ text: [UInt8]) -> Bool {
        text.indices.dropLast(2).contains { text[$0] == 0xEF && text[$0 + 1] == 0xBF && text[$0 + 2] == 0xBD }
    }

    /// How many objects and arrays are in each other.
    private static func nesting(of window: IndexedText) -> Int {
        var (open, most) = (0, 0)
        for position in 0..<window.indexCount {
            switch unsafe window.text[Int(window.index[position])] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: continue
            }
            most = max(most, open)
        }
        return most
    }
}

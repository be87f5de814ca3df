package import MHPipeKit

/// Records that a test expects, each a JSON object.
package struct ExpectedRecords: OptionValue {
    package private(set) var list: [String] = []

    package static var typeName: String { "JSON objects, one a line or in an array" }

    /// Reads one array of objects, or objects of which each begins a line.
    ///
    /// What reads as something else in part would be a test that proves less than it shows, so nothing is passed over.
    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs \(Self.typeName), not \(node.shown)") }
        let bytes = Array(text.utf8)
        func mistake(_ what: String, at range: Range<Int>) -> OptionError {
            let line = bytes[..<min(range.lowerBound, bytes.count)].count { $0 == 0x0A } + 1
            let place = bytes.dropLast().contains(0x0A) ? "in line \(line): " : ""
            var error = OptionError("needs \(Self.typeName); \(place)\(what)")
            error.span = node.span(ofBytes: range)
            return error
        }
        let parts: [StrictJSON.Part]
        do throws(StrictJSON.Flaw) {
            parts = try StrictJSON.parts(bytes)
        } catch {
            let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
            let start = min(error.offset, end)
            throw mistake(error.reason, at: start..<min(start + 1, end))
        }
        guard !parts.isEmpty else { throw mistake("it holds no record; '[]' expects none", at: 0..<bytes.count) }
        var end = 0
        for (number, part) in parts.enumerated() {
            guard number == 0 || bytes[end..<part.range.lowerBound].contains(0x0A) else {
                throw mistake("something stands behind a record; each record begins a line", at: part.range)
            }
            end = part.range.upperBound
            switch part.value.kind {
            case .object: list.append(part.value.json)
            case .array where parts.count == 1:
                let elements = part.value.elements
                if let place = elements.firstIndex(where: { $0.kind != .object }) {
                    throw mistake("record \(place) of the array is no object", at: part.range)
                }
                list = elements.map(\.json)
            case .array: throw mistake("an array has all records, so nothing stands beside it", at: part.range)
            default: throw mistake("this is no object", at: part.range)
            }
        }
    }

    package var optionText: String { list.joined(separator: "\n") }
}

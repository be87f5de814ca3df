import MHPipeKit

/// The bytes of a scalar, and where in the file each of them comes from.
struct WrittenText {
    private(set) var bytes: [UInt8] = []
    /// For each byte the bytes of the file that it stands for: itself, or an escape, or the end of a line.
    private var sources: [Range<Int>] = []

    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Appends bytes that are written in another way.
    mutating func append(_ new: some Sequence<UInt8>, for source: Range<Int>) {
        for byte in new {
            bytes.append(byte)
            sources.append(source)
        }
    }

    /// Appends what stands in the file as it is.
    mutating func append(_ text: ArraySlice<UInt8>) {
        bytes += text
        sources += text.indices.map { $0..<$0 + 1 }
    }

    mutating func removeLast() {
        bytes.removeLast()
        sources.removeLast()
    }

    /// Puts other texts in the place of some ranges, which are in order.
    mutating func replace(_ replacements: [(range: Range<Int>, text: String)]) {
        var replaced = WrittenText()
        var next = 0
        for (range, text) in replacements {
            replaced.append(self, next..<range.lowerBound)
            replaced.append(
                text.utf8,
                for: sources[range.lowerBound].lowerBound..<sources[range.upperBound - 1].upperBound
            )
            next = range.upperBound
        }
        replaced.append(self, next..<bytes.count)
        self = replaced
    }

    private mutating func append(_ other: WrittenText, _ range: Range<Int>) {
        bytes += other.bytes[range]
        sources += other.sources[range]
    }

    /// Where the characters stand.
    func places(in text: inout YAMLText) -> TextPlaces {
        var runs: [TextPlaces.Run] = []
        for (offset, source) in sources.enumerated() {
            if offset > 0, case let last = sources[offset - 1],
                source.count == 1 && last.count == 1
                    ? source.lowerBound == last.upperBound : source == last
            {
                continue
            }
            runs.append(TextPlaces.Run(offset: offset, span: text.span(source), isVerbatim: source.count == 1))
        }
        return TextPlaces(runs)
    }
}

extension YAMLParser {
    /// The node of a scalar that is written in a range.
    mutating func node(_ written: WrittenText, _ range: Range<Int>) -> ConfigNode {
        ConfigNode(text: written.string, span: text.span(range), places: written.places(in: &text))
    }
}

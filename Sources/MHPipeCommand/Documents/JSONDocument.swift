import MHPipeKit

/// What values say of themselves by `Encodable`, as JSON with sorted keys.
///
/// Foundation has an encoder as well; to load it takes longer than all of mhpipe's own work at a start.
enum JSONDocument {
    /// The JSON of a value.
    ///
    /// - Parameters:
    ///   - value: The value; what is not finite in it has no JSON.
    ///   - isPretty: True for a member on each line, false for one line in all.
    /// - Returns: The text, without a line end behind it.
    /// - Throws: What the value throws, and `EncodingError` for a number that is not finite.
    static func text(_ value: some Encodable, isPretty: Bool = false) throws -> String {
        var writer = Writer(isPretty: isPretty)
        writer.write(try JSONTree.of(value))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private struct Writer {
        let isPretty: Bool
        var bytes: [UInt8] = []
        private var depth = 0

        init(isPretty: Bool) {
            self.isPretty = isPretty
        }

        mutating func write(_ tree: JSONTree) {
            switch tree.content {
            case .none: bytes += Array("{}".utf8)
            case .scalar(let json): bytes += Array(json.utf8)
            case .array(let elements):
                writeList("[", elements, "]") { $0.write($1) }
            case .object(let members):
                // Byte by byte, so that the order is the same everywhere.
                let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                writeList("{", sorted, "}") { writer, member in
                    writer.bytes += Array(JSONTree.quoted(member.key).utf8)
                    writer.bytes += Array((writer.isPretty ? " : " : ":").utf8)
                    writer.write(member.value)
                }
            }
        }

        private mutating func writeList<Item>(
            _ start: String,
            _ items: [Item],
            _ end: String,
            _ write: (inout Writer, Item) -> Void
        ) {
            bytes += Array(start.utf8)
            depth += 1
            for (number, item) in items.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                endLine()
                write(&self, item)
            }
            if items.isEmpty, isPretty { bytes.append(UInt8(ascii: "\n")) }
            depth -= 1
            endLine()
            bytes += Array(end.utf8)
        }

        private mutating func endLine() {
            guard isPretty else { return }
            bytes.append(UInt8(ascii: "\n"))
            bytes += Array(repeating: UInt8(ascii: " "), count: 2 * depth)
        }
    }
}

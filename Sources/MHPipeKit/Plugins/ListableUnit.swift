/// A unit that a list for source `list` can name.
package protocol ListableUnit: SourceUnit {
    /// What stands in the list; nil for one of this type that a list cannot name, such as standard input.
    var listedName: ListedName? { get }
}

/// A file or an object as a list for source `list` names it; `docs/scale.md` says what stands in one.
package struct ListedName: Sendable, Hashable {
    /// The path, or the address `s3://bucket/key`.
    package var bytes: [UInt8]
    /// The bytes that it has as it is stored, where that is known.
    package var size: Int?
    /// By what an object is told from another of its name and size, where its server says it.
    package var etag: String?

    package init(_ bytes: [UInt8], size: Int?, etag: String? = nil) {
        (self.bytes, self.size) = (bytes, size)
        self.etag = etag.flatMap { Self.isETag(Array($0.utf8)) ? $0 : nil }
    }

    /// True for what can stand in a list between quotation marks.
    package static func isETag(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    }

    /// What stands behind the name.
    package var facts: String {
        guard let size else { return "" }
        return "\t\(size)" + (etag.map { "\t\"\($0)\"" } ?? "")
    }

    /// The line with its end; nil where the name has the end of a line in it, or a tab behind which no size stands.
    package var line: [UInt8]? {
        guard !bytes.contains(UInt8(ascii: "\n")), size != nil || !bytes.contains(UInt8(ascii: "\t")) else {
            return nil
        }
        return bytes + Array("\(facts)\n".utf8)
    }
}

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

    package init(_ bytes: [UInt8], size: Int?) {
        (self.bytes, self.size) = (bytes, size)
    }

    /// The line with its end; nil where the name has the end of a line in it, or a tab behind which no size stands.
    package var line: [UInt8]? {
        guard !bytes.contains(UInt8(ascii: "\n")), size != nil || !bytes.contains(UInt8(ascii: "\t")) else {
            return nil
        }
        return bytes + (size.map { Array("\t\($0)\n".utf8) } ?? [UInt8(ascii: "\n")])
    }
}

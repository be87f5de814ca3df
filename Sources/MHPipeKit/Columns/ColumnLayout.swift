/// The name and the members of an added column, encoded once for all batches.
///
/// A transform that adds the same column to every batch makes its layout in `init`.
public final class ColumnLayout: Sendable {
    /// The top-level key.
    public let name: String
    /// The keys of the object, in the order in which they are written; empty for a plain value.
    public let members: [String]
    /// The name and the members as they stand between quotes.
    let escapedName: [UInt8]
    let escapedMembers: [[UInt8]]
    /// The name as a JSON key with its colon, as JSON lines write it.
    let encodedName: [UInt8]
    /// For each member a comma and its key likewise, `slot` bytes each, the rest of them zeros.
    let encodedMembers: [UInt8]
    /// For each member, the bytes of them that count.
    let encodedCounts: [Int]
    /// The room for one member's comma and key.
    let slot: Int

    /// Makes a layout.
    ///
    /// - Parameters:
    ///   - name: The top-level key.
    ///   - members: The keys of the object, none for a plain value.
    public init(_ name: String, members: [String] = []) {
        self.name = name
        self.members = members
        escapedName = Self.escaped(name)
        escapedMembers = members.map(Self.escaped)
        encodedName = Self.encodedKey(name)
        let keys = members.map { [UInt8(ascii: ",")] + Self.encodedKey($0) }
        let slot = max((keys.map(\.count).max() ?? 0) + 15 & ~15, 16)
        self.slot = slot
        encodedCounts = keys.map(\.count)
        encodedMembers = keys.flatMap { $0 + repeatElement(0, count: slot - $0.count) }
    }

    /// True when another layout has the same name and members.
    func isSame(as other: ColumnLayout) -> Bool {
        name == other.name && members == other.members
    }

    private static func encodedKey(_ key: String) -> [UInt8] {
        [UInt8(ascii: "\"")] + escaped(key) + Array("\":".utf8)
    }

    private static func escaped(_ key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONText.escape(key.utf8, into: &bytes)
        return bytes
    }
}

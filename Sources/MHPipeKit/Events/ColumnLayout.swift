/// The name and the members of an added column, encoded once for all batches.
///
/// A transform that adds the same column to every batch makes its layout when it is made itself.
package final class ColumnLayout: Sendable {
    package let name: String
    package let members: [String]
    /// The name as a JSON key with its colon, as JSON lines write it.
    let encodedName: [UInt8]
    /// The members likewise.
    let encodedMembers: [[UInt8]]

    package init(_ name: String, members: [String] = []) {
        self.name = name
        self.members = members
        encodedName = Self.encodedKey(name)
        encodedMembers = members.map(Self.encodedKey)
    }

    private static func encodedKey(_ key: String) -> [UInt8] {
        var bytes = [UInt8(ascii: "\"")]
        JSONText.escape(key.utf8, into: &bytes)
        return bytes + Array("\":".utf8)
    }
}

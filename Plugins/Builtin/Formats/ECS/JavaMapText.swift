import MHPipeKit

/// A JSON value as Java prints its maps and lists: `{userName=Bob, tags=[a, b]}`.
///
/// That is what Elastic's integration has in `aws.cloudtrail.request_parameters` and its like, so what searches for a part
/// of such a text finds it here too. Java's `HashMap` has an order of its own for the keys, by their hashes.
struct JavaMapText {
    private struct Member {
        let key: Int
        let value: Int
        /// Where a table has the key, and where among those of the same place.
        let bucket: UInt32
        let number: Int
    }

    /// What stands between the quotes of a JSON string.
    private(set) var bytes: [UInt8] = []

    private let blanks: BlankValues

    /// - Parameter blanks: What is blank in the record that the values are in.
    init(_ blanks: BlankValues) {
        self.blanks = blanks
    }

    /// Takes another value.
    mutating func read(_ position: Int, _ cursor: JSONCursor) {
        bytes.removeAll(keepingCapacity: true)
        append(position, cursor)
    }

    /// How many UTF-16 units the text has.
    var unitCount: Int {
        unsafe bytes.withUnsafeBufferPointer { unsafe JSONText.decode($0) }.utf16.count
    }

    private mutating func append(_ position: Int, _ cursor: JSONCursor) {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "{"):
            bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in members(position, cursor) where !blanks.isBlank(member.value) {
                separate(&isFirst)
                unsafe bytes += cursor.stringBytes(member.key)
                bytes.append(UInt8(ascii: "="))
                append(member.value, cursor)
            }
            bytes.append(UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            bytes.append(UInt8(ascii: "["))
            var isFirst = true
            blanks.forEachPart(of: position, cursor) { _, value in
                guard !blanks.isBlank(value) else { return }
                separate(&isFirst)
                append(value, cursor)
            }
            bytes.append(UInt8(ascii: "]"))
        default: unsafe bytes += cursor.slice(position).bytes
        }
    }

    private mutating func separate(_ isFirst: inout Bool) {
        if !isFirst { bytes += [UInt8(ascii: ","), UInt8(ascii: " ")] }
        isFirst = false
    }

    /// The members in the order of a `HashMap` that they were put into one after the other.
    ///
    /// Those that are blank were in it too: what is taken out of a table makes it no smaller.
    private func members(_ position: Int, _ cursor: JSONCursor) -> [Member] {
        var parts: [(key: Int, value: Int)] = []
        blanks.forEachPart(of: position, cursor) { parts.append(($0, $1)) }
        // The table has 16 places, and twice as many whenever it is more than three quarters full.
        var size: UInt32 = 16
        while parts.count > Int(size) * 3 / 4 { size *= 2 }
        let members = parts.enumerated().map { number, part in
            let hash = unsafe Self.hash(cursor.stringBytes(part.key))
            return Member(key: part.key, value: part.value, bucket: (hash ^ hash >> 16) & (size - 1), number: number)
        }
        return members.sorted { ($0.bucket, $0.number) < ($1.bucket, $1.number) }
    }

    /// `String.hashCode()`.
    private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
        if unsafe key.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) {
            return unsafe key.reduce(0) { $0 &* 31 &+ UInt32($1) }
        }
        return unsafe JSONText.decode(key).utf16.reduce(0) { $0 &* 31 &+ UInt32($1) }
    }
}

import MHPipeKit

/// The members of one JSON object of a request, looked up by the names of the API.
///
/// CloudTrail writes the first letter of a parameter in lower case, but not everywhere. So a name is looked for as it
/// is, then with a capital first letter, then in any case. Of several members that fit equally well the last counts.
struct RequestParameters {
    private struct Member {
        let key: JSONSlice
        let value: Int
    }

    private var members: [Member] = []

    /// Takes the members of the object at a position; what is no object has none.
    mutating func read(_ position: Int, _ reader: TextReader) {
        members.removeAll(keepingCapacity: true)
        guard position > 0 else { return }
        _ = unsafe reader.cursor.members(of: position) { key, value in
            unsafe members.append(
                Member(key: reader.column.normalized(JSONSlice(kind: .string, bytes: key)), value: value)
            )
            return reader.cursor.skip(value)
        }
    }

    /// The index position of a parameter's value, or 0 when there is none.
    ///
    /// - Parameter name: The name, ASCII, its first letter in lower case.
    /// - Returns: The position, never 0 for a value that is there.
    func position(_ name: StaticString) -> Int {
        var best = Fit.none
        var found = 0
        for member in members {
            let fit = Self.fit(member.key, name)
            guard fit != .none, fit.rawValue >= best.rawValue else { continue }
            best = fit
            found = member.value
        }
        return found
    }

    private enum Fit: Int {
        case none, anyCase, upperCamel, exact
    }

    private static func fit(_ key: JSONSlice, _ name: StaticString) -> Fit {
        guard unsafe key.bytes.count == name.utf8CodeUnitCount else { return .none }
        var differences = 0
        var differsAtFirst = false
        for position in unsafe 0..<key.bytes.count {
            let byte = unsafe key.bytes[position]
            let wanted = unsafe name.utf8Start[position]
            guard byte != wanted else { continue }
            // In ASCII the two cases of a letter differ in one bit.
            guard byte ^ wanted == 0x20, byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") else {
                return .none
            }
            differences += 1
            if position == 0 { differsAtFirst = true }
        }
        if differences == 0 { return .exact }
        return differences == 1 && differsAtFirst ? .upperCamel : .anyCase
    }
}

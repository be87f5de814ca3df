import MHPipeKit

/// Fields and the names that they get, in the order in which they are written.
struct FieldRenames: OptionValue {
    /// One field, and where it is from now on.
    struct Rename {
        var old: FieldPath
        var new: FieldPath

        /// True when the field stays in its object.
        var isInPlace: Bool { old.keys.dropLast() == new.keys.dropLast() }
    }

    var list: [Rename] = []

    init() {}

    static var typeName: String { "a mapping, each key a field path, each value the path it gets" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let entries = node.entries else {
            throw OptionError("needs a mapping such as {sourceIPAddress: client_ip}, not \(node.shown)")
        }
        for entry in entries {
            let key = ConfigNode(.text(entry.key), span: entry.keySpan)
            do {
                let rename = Rename(old: try FieldPath(config: key), new: try FieldPath(config: entry.value))
                try check(rename)
                list.append(rename)
            } catch {
                var placed = error
                placed.message = "at '\(entry.key)' \(error.message)"
                placed.span = placed.span ?? entry.value.span ?? entry.keySpan
                throw placed
            }
        }
    }

    var optionText: String {
        "{" + list.map { "\($0.old.text): \($0.new.text)" }.joined(separator: ", ") + "}"
    }

    var fieldPaths: [FieldPath] { list.map(\.old) }

    private func check(_ rename: Rename) throws(OptionError) {
        let (old, new) = (rename.old, rename.new)
        guard old != new else { throw OptionError("gives the field the name that it has") }
        guard rename.isInPlace || new.keys.count == 1 else {
            let place = FieldPath(keys: old.keys.dropLast() + [new.keys[new.keys.count - 1]]).text
            throw OptionError(
                "cannot move the field to '\(new.text)': it stays in its object, as in \(place), or goes to the top, "
                    + "as in \(FieldPath(keys: [new.keys[new.keys.count - 1]]).text)"
            )
        }
        guard !rename.isInPlace || !Self.isNumber(new.keys[new.keys.count - 1]) else {
            throw OptionError("gives the field the name '\(new.text)', and a number stands for an element of a list")
        }
        for other in list {
            let (longer, shorter) = old.keys.count > other.old.keys.count ? (old, other.old) : (other.old, old)
            guard !longer.keys.starts(with: shorter.keys) else {
                throw OptionError("cannot stand beside '\(other.old.text)': one of them is a part of the other")
            }
        }
    }

    private static func isNumber(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}

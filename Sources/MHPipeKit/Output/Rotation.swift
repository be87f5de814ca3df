/// When a file that is written is full, so that the next one begins.
package struct Rotation: OptionValue, Hashable {
    /// What fills a file.
    package enum Limit: Sendable, Hashable {
        /// So many bytes of text, before they are compressed.
        case text(Int)
        /// The end of a stretch of time by the clock, such as an hour; stretches are counted from 1970 on, in UTC.
        case seconds(Int)
    }

    package let limit: Limit
    package let optionText: String

    /// Hardly anybody means less by a size, and `256` is more likely megabytes.
    private static let leastBytes = 1000

    package static var typeName: String { "a size such as 256MB, or a length of time such as 1h" }

    package init(config node: ConfigNode) throws(OptionError) {
        let text = node.text ?? ""
        if let age = Age(text), age.duration.components.seconds > 0 {
            (limit, optionText) = (.seconds(Int(age.duration.components.seconds)), text)
        } else if let size = try? ByteSize(config: node) {
            guard size.bytes >= Self.leastBytes else {
                throw OptionError(
                    "needs at least \(Self.leastBytes) bytes, not \(node.shown); a size has a unit, such as 256MB"
                )
            }
            (limit, optionText) = (.text(size.bytes), size.optionText)
        } else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
    }

    /// How much of the records' text is put together at most before it goes into a file: a part of what one holds, so that
    /// files are cut close to where they are full.
    var pieceBytes: Int { if case .text(let bytes) = limit { bytes / 8 } else { .max } }
}

/// The names of the parts of a path: `audit-00001.jsonl.gz`, with the number before the ending.
package struct PartName: Sendable {
    /// What stands behind the number.
    let ending: [UInt8]
    private static let digits = 5

    /// - Parameter path: The path, or the template; of its name the ending is looked for, behind all fields.
    package init(_ path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        var tail = name.split(separator: "}", omittingEmptySubsequences: false).last ?? ""
        // A name is not all ending.
        if tail.count == name.count { tail = tail.dropFirst() }
        let packed = [".gz", ".zst"].first { tail.lowercased().hasSuffix($0) } ?? ""
        let inner = tail.dropLast(packed.count)
        let start = inner.lastIndex(of: ".") ?? inner.endIndex
        ending = Array(tail[start...].utf8)
    }

    /// The path with something in the place of the number.
    package func path(_ path: String, with part: String) -> String {
        "\(path.dropLast(String(decoding: ending, as: UTF8.self).count))-\(part)"
            + String(decoding: ending, as: UTF8.self)
    }

    func path(_ base: [UInt8], part: Int) -> [UInt8] {
        let number = String(part)
        let zeros = String(repeating: "0", count: max(Self.digits - number.utf8.count, 0))
        return base.dropLast(ending.count) + Array("-\(zeros)\(number)".utf8) + ending
    }

    /// What `path(_:part:)` made a path of; nil for one that it has not made.
    func base(of path: [UInt8]) -> (base: [UInt8], part: Int)? {
        let stem = path.dropLast(ending.count)
        guard let dash = stem.lastIndex(of: UInt8(ascii: "-")) else { return nil }
        let base = path[..<dash] + path.suffix(ending.count)
        return part(path, of: Array(base)).map { (Array(base), $0) }
    }

    /// The number of a name that is one of a part of `base`; nil for any other name.
    func part(_ name: [UInt8], of base: [UInt8]) -> Int? {
        let stem = base.dropLast(ending.count) + [UInt8(ascii: "-")]
        guard name.starts(with: stem), name.count > stem.count + ending.count, name.suffix(ending.count) == ending[...]
        else {
            return nil
        }
        let digits = name[stem.count..<name.count - ending.count]
        guard digits.count >= Self.digits, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        guard let part = Int(String(decoding: digits, as: UTF8.self)), path(base, part: part) == name else {
            return nil
        }
        return part
    }
}

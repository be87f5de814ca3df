/// What the names of files end in, and how often.
package struct NameEndings: Sendable {
    private var counts: [String: Int] = [:]
    /// Names whose ending is none of those that are counted.
    private var rest = 0

    /// More than tell anything.
    private static let most = 64
    /// The endings that say how the file is packed, and leave what it is to the ending before them.
    private static let packers = [".gz", ".zst", ".bz2", ".xz", ".zip", ".z"]

    init() {}

    /// Counts the ending of a name, by the path to it.
    mutating func add(_ path: [UInt8]) {
        add(Self.ending(path), 1)
    }

    mutating func add(_ endings: NameEndings) {
        for (ending, count) in endings.counts { add(ending, count) }
        rest += endings.rest
    }

    private mutating func add(_ ending: String, _ count: Int) {
        if counts[ending] != nil || counts.count < Self.most {
            counts[ending, default: 0] += count
        } else {
            rest += count
        }
    }

    /// The most frequent endings: `.txt (8), .log.gz (3), no ending (1)`.
    package func text(most: Int = 5) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = sorted.prefix(most).map { "\($0.key.isEmpty ? "no ending" : $0.key) (\($0.value))" }
        let others = rest + sorted.dropFirst(most).reduce(0) { $0 + $1.value }
        return (shown + (others > 0 ? ["others (\(others))"] : [])).joined(separator: ", ")
    }

    /// In lower case, with the dot; empty for a name without a dot behind its first character.
    private static func ending(_ path: [UInt8]) -> String {
        let name = String(decoding: path.suffix(from: (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1), as: UTF8.self)
        let parts = name.dropFirst().split(separator: ".", omittingEmptySubsequences: false).dropFirst()
        guard let last = parts.last else { return "" }
        let ending = ".\(last)".lowercased()
        guard packers.contains(ending), let before = parts.dropLast().last else { return ending }
        return ".\(before)".lowercased() + ending
    }
}

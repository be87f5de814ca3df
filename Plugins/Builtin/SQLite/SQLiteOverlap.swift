import MHPipeIO
import MHPipeKit

/// Finds parts whose events are in another one as well: a copy under another name, and what `merge` itself has made of others.
struct SQLiteOverlap {
    private let parts: [SQLitePart]

    /// A single event may have been delivered to two parts; more of them, at the beginning or the end, have not.
    private static let leastRows = 2

    /// Takes those parts that are not known to be what was made.
    init(_ parts: [SQLitePart]) {
        self.parts = parts.filter { $0.count > 0 }
    }

    /// - Throws: `StageError` for the first part whose events would be there twice.
    func refuse() throws {
        try refuseCopies()
        let byFirst = Dictionary(grouping: parts.indices) { parts[$0].ends.first }
        let byLast = Dictionary(grouping: parts.indices) { parts[$0].ends.last }
        for (number, whole) in parts.enumerated() {
            if let part = try beginning(of: number, byFirst) {
                throw Self.refusal(
                    whole,
                    "it begins with the events of '\(part.path.text)', which would be there twice"
                )
            }
            for other in byLast[whole.ends.last] ?? [] where other != number {
                let part = parts[other]
                guard part.count >= Self.leastRows, try holds(whole, part, behind: whole.count - part.count) else {
                    continue
                }
                throw Self.refusal(whole, "it ends with the events of '\(part.path.text)', which would be there twice")
            }
        }
    }

    /// The first of the parts that a part begins with, when those have enough rows together.
    private func beginning(of number: Int, _ byFirst: [[String]: [Int]]) throws(StageError) -> SQLitePart? {
        let whole = parts[number]
        var (row, place) = (whole.ends.first, 0)
        var first: SQLitePart?
        while place < whole.count {
            if place > 0 { row = try whole.rows([place + 1])[0] }
            var found: SQLitePart?
            for other in byFirst[row] ?? [] where other != number && found == nil {
                if try holds(whole, parts[other], behind: place) { found = parts[other] }
            }
            guard let found else { return nil }
            first = first ?? found
            place += found.count
            if place >= Self.leastRows { return first }
        }
        return nil
    }

    /// True when the rows of a part follow so many of another one, by its first, its middle and its last row.
    private func holds(_ whole: SQLitePart, _ part: SQLitePart, behind place: Int) throws(StageError) -> Bool {
        guard !(whole.isKnown && part.isKnown), place >= 0, place + part.count <= whole.count else { return false }
        let middle = part.count / 2 + 1
        return try whole.rows([place + 1, place + middle, place + part.count])
            == [part.ends.first, try part.rows([middle])[0], part.ends.last]
    }

    private func refuseCopies() throws {
        var known: [[UInt8]: SQLitePart] = [:]
        let bySize = Dictionary(grouping: parts) { (try? FileStatus($0.path))?.size ?? 0 }
        for same in bySize.values where same.count > 1 && !same.allSatisfy(\.isKnown) {
            for part in same {
                guard let other = known.updateValue(part, forKey: try FileDigest(part.path).sha256) else { continue }
                guard !(part.isKnown && other.isKnown) else { continue }
                throw Self.refusal(
                    part,
                    "it holds the same bytes as '\(other.path.text)', and its events would be there twice"
                )
            }
        }
    }

    private static func refusal(_ part: SQLitePart, _ reason: String) -> StageError {
        SQLitePart.refusal(part.path, reason, advice: "leave one of the two out")
    }
}

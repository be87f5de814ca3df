import MHPipeIO
import MHPipeKit

/// Finds parts whose events are in another one as well: a copy under another name, and what `merge` itself has made of others.
struct SQLiteOverlap {
    private let parts: [SQLitePart]

    /// A single event may have been delivered to two parts; more of them, from the first on, have not.
    private static let leastRows = 2

    /// Takes those parts that are not known to be what was made.
    init(_ parts: [SQLitePart]) {
        self.parts = parts.filter { $0.count > 0 }
    }

    /// - Throws: `StageError` for the first part whose events would be there twice.
    func refuse() throws {
        try refuseCopies()
        let byFirst = Dictionary(grouping: parts.indices) { parts[$0].ends.first }
        for number in parts.indices {
            for other in byFirst[parts[number].ends.first] ?? [] where other != number {
                let (whole, part) = (parts[number], parts[other])
                guard !(whole.isKnown && part.isKnown), part.count >= Self.leastRows, part.count <= whole.count
                else { continue }
                let middle = part.count / 2 + 1
                guard try whole.rows([middle, part.count]) == [try part.rows([middle])[0], part.ends.last]
                else { continue }
                throw Self.refusal(
                    whole,
                    "it begins with the events of '\(part.path.text)', which would be there twice"
                )
            }
        }
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

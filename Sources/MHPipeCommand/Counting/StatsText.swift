import MHPipeKit

/// The counts as a table for a terminal, with bars.
struct StatsText {
    let counts: TrailCounts
    /// The values of a facet that are shown.
    let top: Int
    /// The columns of the terminal.
    let width: Int

    private static let longestBar = 40

    var text: String {
        var lines = [Readable.count(counts.events, "event")]
        for facet in TrailFacet.allCases { lines += table(facet) }
        let gaps = counts.gaps
        if !gaps.isEmpty { lines += ["", "Days without events"] }
        lines += gaps.prefix(top).map { "  " + ($0.first == $0.last ? $0.first : "\($0.first) to \($0.last)") }
        if gaps.count > top { lines.append("  and \(Readable.count(gaps.count - top, "other gap"))") }
        return lines.map { String($0.prefix(width)) }.joined(separator: "\n") + "\n"
    }

    private func table(_ facet: TrailFacet) -> [String] {
        let own = counts[facet]
        let ranked = own.ranked(byValue: facet == .day)
        guard !ranked.isEmpty else { return [] }
        let shown = facet == .day ? ranked.suffix(top) : ranked.prefix(top)
        let rest = ranked.reduce(0) { $0 + $1.count } - shown.reduce(0) { $0 + $1.count } + own.beyond
        var rows = shown.map { ($0.value.visible, $0.count) }
        if rest > 0 { rows.append((facet == .day ? "(earlier and others)" : "(others)", rest)) }
        if own.missing > 0 { rows.append(("(none)", own.missing)) }
        let over = own.beyond > 0 ? "the first \(Readable.count(ranked.count)), and more" : Readable.count(ranked.count)
        return ["", "\(facet.title) (\(over))"] + lines(rows)
    }

    private func lines(_ rows: [(name: String, count: Int)]) -> [String] {
        let most = rows.map(\.count).max() ?? 1
        let numbers = rows.map { Readable.count($0.count) }
        let numberWidth = numbers.map(\.count).max() ?? 1
        let names = rows.map { cut($0.name, to: max(width / 2, 12)) }
        let nameWidth = names.map(\.count).max() ?? 1
        let bar = min(max(width - nameWidth - numberWidth - 6, 0), Self.longestBar)
        return rows.indices.map { row in
            let length = bar == 0 ? 0 : max(1, rows[row].count * bar / most)
            let name = names[row] + String(repeating: " ", count: nameWidth - names[row].count)
            let number = String(repeating: " ", count: numberWidth - numbers[row].count) + numbers[row]
            return "  \(name)  \(number)  " + String(repeating: "#", count: length)
        }
    }

    private func cut(_ text: String, to most: Int) -> String {
        text.count <= most ? text : text.prefix(most - 3) + "..."
    }
}

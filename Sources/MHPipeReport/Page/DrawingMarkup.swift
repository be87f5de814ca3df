/// Drawings as inline SVG, whose colours stand in attributes too, for where styles are blocked.
enum DrawingMarkup {
    /// A line of a table.
    static func line(_ drawing: Drawing) -> Markup {
        var marks: Markup = ""
        for mark in drawing.marks {
            let (y, height) = mark.isTall ? (1, 14) : (6, 4)
            if mark.strength == 0 {
                marks +=
                    "<rect class=\"gap\" x=\"\(mark.start)\" y=\"6\" width=\"\(max(1, mark.length))\" height=\"4\" fill=\"none\" stroke=\"#b3261e\"/>"
                continue
            }
            marks += """
                <rect class="\(mark.tone.rawValue)" x="\(mark.start)" y="\(y)" width="\(max(1, mark.length))" \
                height="\(height)" fill="\(mark.tone.colour)" fill-opacity="\(opacity(mark.strength))"/>
                """
        }
        return """
            <svg class="line" viewBox="0 0 1000 16" width="240" height="16" preserveAspectRatio="none" role="img" \
            aria-label="\(drawing.label)"><rect class="axis" x="0" y="7" width="1000" height="1" fill="#9aa1ab"/>\(marks)</svg>
            """
    }

    private static func opacity(_ percent: Int) -> String {
        percent >= 100 ? "1" : "0." + (percent < 10 ? "0" : "") + String(max(1, percent))
    }

    /// Bars by the day.
    static func chart(_ chart: DayChart) -> Markup {
        guard let first = chart.bars.first, let last = chart.bars.last else { return "" }
        let most = max(1, chart.bars.map { $0.good + $0.bad }.max() ?? 1)
        let step = 1000 / chart.bars.count
        let width = max(1, min(60, step - (step > 6 ? 2 : 0)))
        var bars: Markup = ""
        for (place, bar) in chart.bars.enumerated() {
            let x = place * 1000 / chart.bars.count + (step - width) / 2
            let total = height(bar.good + bar.bad, of: most)
            let bad = min(total, height(bar.bad, of: most))
            if total > bad {
                bars += rect("busy", "#2563a8", x, 120 - total, width, total - bad)
            }
            if bad > 0 { bars += rect("bad", "#b3261e", x, 120 - bad, width, bad) }
        }
        let good = chart.bars.reduce(0) { $0 + $1.good }
        let bad = chart.bars.reduce(0) { $0 + $1.bad }
        let label =
            "From \(first.day) to \(last.day): \(Wording.grouped(good)) \(chart.names.good), "
            + "\(Wording.grouped(bad)) \(chart.names.bad); at most \(Wording.grouped(most)) at a time."
        return """
            <figure class="chart"><figcaption>\(chart.caption)</figcaption>\
            <svg viewBox="0 0 1000 121" width="1000" height="121" preserveAspectRatio="none" role="img" \
            aria-label="\(label)"><rect class="axis" x="0" y="120" width="1000" height="1" fill="#9aa1ab"/>\(bars)</svg>\
            <p class="ends"><span>\(first.day)</span><span class="key"><svg width="10" height="10" aria-hidden="true">\
            <rect class="busy" width="10" height="10" fill="#2563a8"/></svg> \(chart.names.good) \
            <svg width="10" height="10" aria-hidden="true"><rect class="bad" width="10" height="10" fill="#b3261e"/></svg> \
            \(chart.names.bad); highest bar \(Wording.grouped(most))</span><span>\(last.day)</span></p></figure>
            """
    }

    private static func height(_ count: Int, of most: Int) -> Int {
        count == 0 ? 0 : max(1, Int((Double(count) * 116 / Double(most)).rounded()))
    }

    private static func rect(_ tone: String, _ colour: String, _ x: Int, _ y: Int, _ width: Int, _ height: Int)
        -> Markup
    {
        "<rect class=\"\(tone)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(colour)\"/>"
    }
}

extension ReportFacts.Tone {
    /// Its colour where no style says another; legible on white and on black.
    var colour: String {
        switch self {
        case .good: "#2f7d4f"
        case .busy: "#2563a8"
        case .warning: "#9a6200"
        case .bad: "#b3261e"
        case .quiet: "#6b7280"
        }
    }
}

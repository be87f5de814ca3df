/// A table of facts as HTML, of bounded size.
struct TableMarkup {
    /// The bytes that the rows of one table may take, whatever stands in them.
    static let mostBytes = 130_000

    let table: FactTable

    /// The table with its caption, and what is said of the rows that have no room.
    var markup: Markup {
        guard !table.rows.isEmpty else {
            return
                "<div class=\"part\" id=\"\(table.id)\"><h3>\(table.caption)</h3><p class=\"none\">\(table.empty)</p></div>"
        }
        var rows: Markup = ""
        var shown = 0
        for row in table.rows {
            let next = markup(of: row)
            if rows.byteCount + next.byteCount > Self.mostBytes, shown > 0 { break }
            rows += next
            shown += 1
        }
        let heads = table.columns.map(head).joined()
        return """
            <div class="part" id="\(table.id)"><div class="scroll" role="region" tabindex="0" \
            aria-labelledby="\(table.id)-caption"><table><caption id="\(table.id)-caption">\(table.caption)</caption>\
            <thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>\(rest(shown))</div>

            """
    }

    private func rest(_ shown: Int) -> Markup {
        let query: Markup = table.query.isEmpty ? "" : " SQL for all: <code>\(table.query)</code>"
        if shown < table.total {
            return """
                <p class="rest">\(Wording.grouped(shown)) of \(Wording.grouped(table.total)) rows, the first by this \
                order.\(query)</p>
                """
        }
        return "<p class=\"rest\">\(Wording.count(shown, "row")).\(query)</p>"
    }

    private func head(_ column: FactTable.Column) -> Markup {
        switch column.style {
        case .text: "<th scope=\"col\">\(column.name)</th>"
        case .number: "<th scope=\"col\" class=\"n\">\(column.name)</th>"
        case .wide: "<th scope=\"col\" class=\"w\">\(column.name)</th>"
        case .drawing(let from, let to):
            """
            <th scope="col" class="d"><span>\(column.name)</span> <span class="ends"><span>\(from)</span> \
            <span>\(to)</span></span></th>
            """
        }
    }

    private func markup(of row: [FactTable.Cell]) -> Markup {
        var cells: Markup = ""
        for (place, cell) in row.enumerated() {
            // The first cell names the row.
            if place == 0 {
                cells += "<th scope=\"row\">\(Self.content(cell))</th>"
                continue
            }
            switch cell {
            case .number, .percent, .decimal: cells += "<td class=\"n\">\(Self.content(cell))</td>"
            case .drawing(let drawing): cells += "<td data-v=\"\(drawing.order)\">\(Self.content(cell))</td>"
            default: cells += "<td>\(Self.content(cell))</td>"
            }
        }
        return "<tr>\(cells)</tr>\n"
    }

    static func content(_ cell: FactTable.Cell) -> Markup {
        switch cell {
        case .none: "<span class=\"no\">–</span>"
        case .text(let text): text.isEmpty ? "<span class=\"no\">–</span>" : "\(text)"
        case .code(let text): text.isEmpty ? "<span class=\"no\">–</span>" : "<code>\(text)</code>"
        case .number(let number): "\(Wording.grouped(number))"
        case .decimal(let text): "\(text)"
        case .time(let text): time(text)
        case .state(let tone, let text): "<span class=\"s \(tone.rawValue)\">\(text)</span>"
        case .percent(let percent): "\(percent) %"
        case .drawing(let drawing): DrawingMarkup.line(drawing)
        }
    }

    /// A time as people read it; what is none is shown as it is.
    private static func time(_ text: String) -> Markup {
        let signs = Array(text.utf8)
        guard signs.count == 20, signs[10] == UInt8(ascii: "T"), signs[19] == UInt8(ascii: "Z") else {
            return text.isEmpty ? "<span class=\"no\">–</span>" : "\(text)"
        }
        return "<time datetime=\"\(text)\">\(String(text.prefix(10))) \(String(text.dropFirst(11).prefix(8)))</time>"
    }
}

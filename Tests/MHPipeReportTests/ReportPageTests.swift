import Testing

@testable import MHPipeReport

struct ReportPageTests {
    private static let nasty = String(repeating: "<\u{202E}\"&", count: 100)

    private static func table(rows: Int, _ text: String) -> FactTable {
        FactTable(
            id: "t",
            caption: text,
            columns: ["A", FactTable.Column("B", .number), FactTable.Column("C", .drawing(from: "a", to: "b"))],
            rows: (0..<rows).map { number in
                [
                    .text(text), .number(number),
                    .drawing(Drawing(label: text, marks: [Drawing.Mark(0, 10, .good)])),
                ]
            },
            query: "SELECT 1"
        )
    }

    @Test func pageHasABoundWhateverIsInIt() {
        let sections = (0..<16).map { number in
            ReportFacts.Section(
                id: "s\(number)",
                title: "S",
                lead: Self.nasty,
                parts: [.table(Self.table(rows: 5000, Self.nasty))]
            )
        }
        let page = ReportPage(ReportFacts(title: Self.nasty, subtitle: Self.nasty, sections: sections)).markup
        #expect(page.byteCount < 3_000_000)
        #expect(!page.text.contains("\u{202E}"))
    }

    @Test func rowsThatAreLeftOutAreSaid() {
        let markup = TableMarkup(table: Self.table(rows: 5000, Self.nasty)).markup.text
        #expect(markup.contains("of 5,000 rows"))
        #expect(markup.contains("SELECT 1"))
    }

    @Test func emptyTablesSaySo() {
        let markup = TableMarkup(table: FactTable(id: "t", caption: "C", columns: ["A"], empty: "Nothing & none."))
            .markup
        #expect(markup.text.contains("Nothing &amp; none."))
        #expect(!markup.text.contains("<table"))
    }

    @Test func onlyTheStyleAndTheScriptAreLetIn() {
        let page = ReportPage(ReportFacts(title: "T", subtitle: "S")).markup.text
        #expect(page.contains("default-src 'none'; style-src '\(PageStyle.hash)'; script-src '\(PageScript.hash)'"))
        for word in ["http:", "https:", "style=\"", " onclick", "url(", "@import"] { #expect(!page.contains(word)) }
    }

    @Test func sameFactsGiveTheSameBytes() {
        let facts = ReportFacts(
            title: "T",
            subtitle: "S",
            sections: [ReportFacts.Section(id: "s", title: "S", lead: "L", parts: [.table(Self.table(rows: 3, "x"))])]
        )
        #expect(ReportPage(facts).markup.text == ReportPage(facts).markup.text)
    }
}

/// A report as one page of HTML that asks for nothing else.
package struct ReportPage {
    private let facts: ReportFacts

    /// - Parameter facts: What it says.
    package init(_ facts: ReportFacts) {
        self.facts = facts
    }

    /// The page.
    ///
    /// The same facts give the same bytes.
    ///
    /// Nothing is loaded: the policy lets in the one style and the one script by their hashes, and blocks everything else.
    package var markup: Markup {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '\(PageStyle.hash)'; \
        script-src '\(PageScript.hash)'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark"><meta name="generator" content="mhpipe">
        <title>\(facts.title)</title>
        <style>\(PageStyle.text)</style></head><body>
        <a class="skip" href="#main">To the report</a>
        <header class="top"><div><h1>\(facts.title)</h1><p>\(facts.subtitle)</p></div>\(themes)</header>
        <nav aria-label="Sections"><ul>\(links)</ul></nav>
        <main id="main" tabindex="-1">\(summary)\(sections)</main>
        <footer><p>Made by mhpipe. Times are in UTC. Names, messages and parameters are texts that callers chose; \
        what cannot be seen in them is written out, as \\u{202E}.</p></footer>
        <script>\(PageScript.text)</script></body></html>

        """
    }

    /// Works without scripts; hidden where there is no style that could follow it.
    private var themes: Markup {
        """
        <fieldset class="theme" hidden><legend>Colours</legend>\
        <label><input type="radio" name="theme" id="auto" checked> <span>Auto</span></label>\
        <label><input type="radio" name="theme" id="light"> <span>Light</span></label>\
        <label><input type="radio" name="theme" id="dark"> <span>Dark</span></label></fieldset>
        """
    }

    private var links: Markup {
        "<li><a href=\"#summary\">Summary</a></li>"
            + facts.sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }.joined()
    }

    private var summary: Markup {
        let figures = facts.figures.map { figure -> Markup in
            "<div><dt>\(figure.name)</dt><dd>\(figure.value)\(note(figure.note))</dd></div>"
        }.joined()
        let findings = facts.findings.map { finding -> Markup in
            """
            <li><span class="s \(finding.tone.rawValue)">\(Self.word(finding.tone))</span> \
            <a href="#\(finding.section)">\(finding.text)</a></li>
            """
        }.joined()
        let list: Markup =
            facts.findings.isEmpty
            ? "<p class=\"none\">Nothing stands out.</p>" : "<ul class=\"findings\">\(findings)</ul>"
        return """
            <section id="summary" aria-labelledby="summary-title"><h2 id="summary-title">Summary</h2>
            <dl class="figures">\(figures)</dl><h3>What to look at</h3>\(list)</section>

            """
    }

    private static func word(_ tone: ReportFacts.Tone) -> String {
        switch tone {
        case .bad: "Serious"
        case .warning: "Look"
        case .good: "Good"
        case .busy, .quiet: "Note"
        }
    }

    private func note(_ text: String) -> Markup {
        text.isEmpty ? "" : " <small>\(text)</small>"
    }

    private var sections: Markup {
        facts.sections.map { section -> Markup in
            """
            <section id="\(section.id)" aria-labelledby="\(section.id)-title"><h2 id="\(section.id)-title">\(section.title)</h2>
            <p class="lead">\(section.lead)</p>\(section.parts.map(part).joined())</section>

            """
        }.joined()
    }

    private func part(_ part: ReportFacts.Part) -> Markup {
        switch part {
        case .remark(let text): "<p class=\"remark\">\(text)</p>"
        case .table(let table): TableMarkup(table: table).markup
        case .list(let list): ListMarkup(list: list).markup
        case .chart(let chart): DrawingMarkup.chart(chart)
        }
    }
}

extension Markup {
    fileprivate static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }
}

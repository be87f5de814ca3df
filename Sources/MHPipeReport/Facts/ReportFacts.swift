/// What a report says, before it is laid out: short texts and numbers, of bounded size whatever the trail.
package struct ReportFacts: Sendable {
    /// What the report is called.
    package var title: String
    /// What it is about, in a line.
    package var subtitle: String
    /// The figures to begin with.
    package var figures: [Figure]
    /// What somebody should look at, the most pressing first.
    package var findings: [Finding]
    package var sections: [Section]

    /// States facts.
    package init(
        title: String,
        subtitle: String,
        figures: [Figure] = [],
        findings: [Finding] = [],
        sections: [Section] = []
    ) {
        (self.title, self.subtitle) = (title, subtitle)
        (self.figures, self.findings, self.sections) = (figures, findings, sections)
    }

    /// A number with its name.
    package struct Figure: Sendable {
        package var name: String
        package var value: String
        /// What is said of it in small print.
        package var note: String

        package init(_ name: String, _ value: String, note: String = "") {
            (self.name, self.value, self.note) = (name, value, note)
        }
    }

    /// Something to look at.
    package struct Finding: Sendable {
        package var tone: Tone
        package var text: String
        /// The section that tells more.
        package var section: String

        package init(_ tone: Tone, _ text: String, section: String) {
            (self.tone, self.text, self.section) = (tone, text, section)
        }
    }

    /// What a state means to whoever reads of it.
    package enum Tone: String, Sendable {
        case good, busy, warning, bad, quiet
    }

    /// A part of the page with a heading.
    package struct Section: Sendable {
        /// What links lead to; letters and digits.
        package var id: String
        package var title: String
        /// What it shows, and from what.
        package var lead: String
        package var parts: [Part]

        package init(id: String, title: String, lead: String, parts: [Part] = []) {
            (self.id, self.title, self.lead, self.parts) = (id, title, lead, parts)
        }
    }

    /// What stands in a section.
    package enum Part: Sendable {
        case remark(String)
        case table(FactTable)
        case list(FactList)
        case chart(DayChart)
    }
}

/// Rows of a report, as many as a page has room for, and how to get the others.
package struct FactTable: Sendable {
    package var id: String
    package var caption: String
    package var columns: [Column]
    package var rows: [[Cell]]
    /// How many rows there are in all.
    package var total: Int
    /// The statement that gives them all, over a database that mhpipe makes.
    package var query: String
    /// What is said where there is no row.
    package var empty: String

    /// States a table.
    package init(
        id: String,
        caption: String,
        columns: [Column],
        rows: [[Cell]] = [],
        total: Int? = nil,
        query: String = "",
        empty: String = "None."
    ) {
        (self.id, self.caption, self.columns, self.rows) = (id, caption, columns, rows)
        (self.total, self.query, self.empty) = (total ?? rows.count, query, empty)
    }

    /// What a column is called, and how its cells are set.
    package struct Column: Sendable, ExpressibleByStringLiteral {
        package enum Style: Sendable {
            case text, number, wide
            /// A drawing with an axis, whose ends are named.
            case drawing(from: String, to: String)
        }

        package var name: String
        package var style: Style

        package init(_ name: String, _ style: Style = .text) {
            (self.name, self.style) = (name, style)
        }

        package init(stringLiteral value: String) {
            self.init(value)
        }
    }

    /// What stands in a cell.
    package enum Cell: Sendable {
        case none
        case text(String)
        /// A name that machines gave.
        case code(String)
        case number(Int)
        /// A number that is not a whole one, and the digits behind its point.
        case decimal(String)
        /// A time in UTC as CloudTrail writes it.
        case time(String)
        case state(ReportFacts.Tone, String)
        case percent(Int)
        case drawing(Drawing)
    }
}

/// Marks on a line from 0 to 1000, and what it shows in words.
package struct Drawing: Sendable {
    /// A stretch of the line.
    package struct Mark: Sendable, Equatable {
        package var start: Int
        package var length: Int
        package var tone: ReportFacts.Tone
        /// How strong it is drawn, in percent; 0 draws an outline.
        package var strength: Int
        /// False for what stands behind the others.
        package var isTall: Bool

        package init(_ start: Int, _ length: Int, _ tone: ReportFacts.Tone, strength: Int = 100, isTall: Bool = true) {
            (self.start, self.length, self.tone) = (start, length, tone)
            (self.strength, self.isTall) = (strength, isTall)
        }
    }

    package var label: String
    package var marks: [Mark]
    /// What rows are sorted by.
    package var order: String

    package init(label: String, marks: [Mark], order: String = "") {
        (self.label, self.marks, self.order) = (label, marks, order)
    }

    /// The length of the line.
    package static let length = 1000
}

/// Counts by the day, or by several days where there are many: what ended well, and what did not.
package struct DayChart: Sendable {
    package struct Bar: Sendable {
        package var day: String
        package var good: Int
        package var bad: Int

        package init(day: String, good: Int, bad: Int) {
            (self.day, self.good, self.bad) = (day, good, bad)
        }
    }

    package var caption: String
    package var bars: [Bar]
    package var names: (good: String, bad: String)

    package init(caption: String, bars: [Bar], names: (good: String, bad: String)) {
        (self.caption, self.bars, self.names) = (caption, bars, names)
    }
}

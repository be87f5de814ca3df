import MHPipeKit

/// Where a run goes on with a database.
///
/// As a text, for a checkpoint: `rows 120 units 7`, or where a hidden database ended that is whole; before it
/// `behind 3 4000` where that is to be appended to a database of three runs whose last row is number 4000.
struct SQLiteMark {
    /// What is in a database that has its name.
    struct Base: Equatable {
        /// The number of its last run.
        var runs: Int
        /// The number of its last row.
        var rows: Int
    }

    /// How far the hidden database has come.
    enum Part {
        /// To so many rows and units, which were committed.
        case rows(Int, units: Int)
        /// To its end.
        case whole(KeptFile.Mark)
    }

    /// What it is to be appended to; nil for one that gets a name of its own.
    var base: Base?
    var part: Part

    /// - Throws: `StageError` when the checkpoint is not one of a database.
    init(_ checkpoint: Checkpoint) throws(StageError) {
        let text = String(decoding: checkpoint.token, as: UTF8.self)
        var words = text.split(separator: " ")[...]
        if words.first == "behind", words.count > 3, let runs = Int(words[1]), let rows = Int(words[2]) {
            base = Base(runs: runs, rows: rows)
            words = words.dropFirst(3)
        }
        if let mark = KeptFile.Mark(words.joined(separator: " ")) {
            part = .whole(mark)
        } else if words.count == 4, let rows = Int(words[words.startIndex + 1]),
            let units = Int(words[words.endIndex - 1]),
            words.first == "rows"
        {
            part = .rows(rows, units: units)
        } else {
            throw StageError("the state does not say where the database ended", advice: "begin anew with --restart")
        }
    }

    /// True when the hidden database was finished.
    var isWhole: Bool { if case .whole = part { true } else { false } }

    init(base: Base?, part: Part) {
        (self.base, self.part) = (base, part)
    }

    var checkpoint: Checkpoint {
        let start = base.map { "behind \($0.runs) \($0.rows) " } ?? ""
        let text =
            switch part {
            case .rows(let rows, let units): "rows \(rows) units \(units)"
            case .whole(let mark): mark.text
            }
        return Checkpoint(token: Array((start + text).utf8))
    }
}

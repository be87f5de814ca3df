import MHPipeKit

/// Where a run goes on with a database.
enum SQLiteMark {
    /// There is none yet.
    case none
    /// Behind so many rows, which were committed.
    case rows(Int)
    /// It is whole, and only its name may be missing.
    case whole(KeptFile.Mark)
    /// Behind so many rows of a database that has its name, or behind all of them.
    case behind(rows: Int?)

    /// - Throws: `StageError` when the checkpoint is not one of a database.
    init(_ start: SinkStart) throws(StageError) {
        switch start {
        case .fresh, .append(nil): self = .none
        case .resume(let checkpoint), .append(.some(let checkpoint)):
            let text = String(decoding: checkpoint.token, as: UTF8.self)
            let isAppended = if case .append = start { true } else { false }
            if let mark = KeptFile.Mark(text) {
                self = isAppended ? .behind(rows: nil) : .whole(mark)
            } else if text.hasPrefix("rows "), let rows = Int(text.dropFirst(5)) {
                self = isAppended ? .behind(rows: rows) : .rows(rows)
            } else {
                throw StageError("the state does not say where the database ended", advice: "begin anew with --restart")
            }
        }
    }

    var checkpoint: Checkpoint {
        let text =
            switch self {
            case .none, .behind: "rows 0"
            case .rows(let rows): "rows \(rows)"
            case .whole(let mark): mark.text
            }
        return Checkpoint(token: Array(text.utf8))
    }
}

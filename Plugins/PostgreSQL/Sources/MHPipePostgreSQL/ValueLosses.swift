import Synchronization

/// Counts the values that PostgreSQL does not take as they are, and notes which columns have any.
///
/// Encoders on all workers add to it, once a batch; the sink tells the user at the end.
final class ValueLosses: Sendable {
    /// What happened to the values of one column.
    struct Count: Hashable {
        /// They could not be converted to the column's type.
        var nulls = 0
        /// They held characters that PostgreSQL has no place for.
        var repaired = 0
        /// False while no event had a value.
        var hasValue = false
    }

    private let counts: Mutex<[Count]>

    init(columns: Int) {
        counts = Mutex(Array(repeating: Count(), count: columns))
    }

    func add(_ more: [Count]) {
        counts.withLock { counts in
            for index in counts.indices {
                counts[index].nulls += more[index].nulls
                counts[index].repaired += more[index].repaired
                counts[index].hasValue = counts[index].hasValue || more[index].hasValue
            }
        }
    }

    /// A sentence for each of the columns that the user chose and no event has filled.
    func emptiness(of chosen: [TableColumn], among columns: [TableColumn]) -> [String] {
        let counts = counts.withLock { $0 }
        // Without any event there is nothing to say.
        guard counts.contains(where: \.hasValue) else { return [] }
        return zip(columns, counts).filter { !$1.hasValue && chosen.contains($0) }
            .map { column, _ in "the column '\(column.text)' is empty: no event has that field" }
    }

    /// A sentence for each column that lost something, and each kind of loss.
    func warnings(_ columns: [TableColumn]) -> [String] {
        let counts = counts.withLock { $0 }
        return zip(columns, counts).flatMap { column, count in
            var warnings: [String] = []
            if count.nulls > 0 {
                let values = count.nulls == 1 ? "1 value" : "\(count.nulls) values"
                let verb = count.nulls == 1 ? "is" : "are"
                let reason = column.kind == .text ? "too long" : "no \(column.kind.rawValue)"
                warnings.append("\(values) of '\(column.text)' \(verb) \(reason), and NULL in the table")
            }
            if count.repaired > 0 {
                let values = count.repaired == 1 ? "1 value" : "\(count.repaired) values"
                let verb = count.repaired == 1 ? "holds" : "hold"
                warnings.append(
                    "\(values) of '\(column.text)' \(verb) NUL or half a surrogate pair, which PostgreSQL has no place "
                        + "for; U+FFFD stands for them"
                )
            }
            return warnings
        }
    }
}

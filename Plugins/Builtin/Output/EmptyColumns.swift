import MHPipeKit

/// The columns that the user chose and no event has filled yet; one for all encoders of a sink.
///
/// An encoder asks only for those that are still empty, so that columns which hold something cost nothing.
final class EmptyColumns: Sendable {
    private struct State {
        /// For each column, what was seen in its place while it is empty; nil for the others.
        var empty: [FieldSighting?]
        var hasEvents = false
    }

    private let state: Locked<State>

    /// - Parameters:
    ///   - columns: The columns.
    ///   - choices: The option that chose them; nil when nobody did.
    init(_ columns: [OutputColumn] = [], chosenBy choices: [ColumnChoice]? = nil) {
        var named: Set<FieldPath> = []
        if let choices, choices != ColumnChoice.usual { named = Set(choices.map(\.path)) }
        state = Locked(
            State(empty: columns.map { named.contains($0.path) ? FieldSighting($0.path, looks: Self.mostLooks) : nil })
        )
    }

    /// What one encoder has to look for.
    func watch() -> Watch {
        let empty = state.withLock { $0.empty }
        return Watch(self, open: empty.indices.filter { empty[$0] != nil })
    }

    /// One encoder's share of it.
    struct Watch {
        private let columns: EmptyColumns
        private var open: [Int]
        private var filled: [Int] = []
        /// How many events it has looked at, for what they have instead.
        private var looks = 0
        private var isFirst = true

        fileprivate init(_ columns: EmptyColumns, open: [Int]) {
            self.columns = columns
            self.open = open
        }

        /// Looks at the cells of a row.
        @inline(__always)
        mutating func note(_ cells: UnsafeBufferPointer<JSONSlice>) {
            if !open.isEmpty { unsafe find(cells) }
        }

        private mutating func find(_ cells: UnsafeBufferPointer<JSONSlice>) {
            var place = 0
            while place < open.count {
                let cell = unsafe cells[open[place]]
                if unsafe cell.isAbsent || cell.kind == .string && cell.bytes.isEmpty {
                    place += 1
                } else {
                    filled.append(open.remove(at: place))
                }
            }
        }

        /// Tells the others what was found in a batch.
        mutating func end(_ batch: EventBatch) {
            let isLooking = looks < EmptyColumns.mostLooks && !open.isEmpty
            guard isFirst || isLooking || !filled.isEmpty else { return }
            columns.add(filled, batch, isLooking ? open : [])
            filled.removeAll()
            isFirst = false
            looks += min(batch.count, EmptyColumns.mostOfBatch)
        }
    }

    private func add(_ filled: [Int], _ batch: EventBatch, _ open: [Int]) {
        state.withLock { state in
            state.hasEvents = state.hasEvents || batch.count > 0
            for column in filled { state.empty[column] = nil }
            for column in open {
                guard let path = state.empty[column]?.path else { continue }
                // Batches come from several workers, in no order.
                var sighting = FieldSighting(path, looks: Self.mostLooks)
                sighting.look(at: batch, most: Self.mostOfBatch)
                state.empty[column]? += sighting
            }
        }
    }

    /// A sentence for each column that has stayed empty, and each only once.
    func warnings() -> [String] {
        let state = state.withLock { state in
            defer { state.empty = [] }
            return state
        }
        guard state.hasEvents else { return [] }
        let columns = state.empty.compactMap(\.self)
        let more = columns.count - Self.mostNamed
        return columns.prefix(Self.mostNamed).map { "the column '\($0.path.text)' is empty: \($0.absence())" }
            + (more > 0 ? ["\(more) more columns are empty"] : [])
    }

    private static let mostNamed = 10
    /// So many events are looked at, the first of the input, and so many of one batch.
    private static let (mostLooks, mostOfBatch) = (128, 8)
}

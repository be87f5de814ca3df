/// The records of several runs in the order of their keys; of equal ones, those of an earlier run come first.
struct RunMerge {
    private let runs: [SortedRun]
    /// The numbers of the runs that have records left, as a heap: none comes before the one at half its place.
    private var heap: [Int] = []

    init(_ runs: [SortedRun]) {
        self.runs = runs
        heap = runs.indices.filter { runs[$0].first != nil }
        for place in heap.indices.reversed() { sink(from: place) }
    }

    /// The least record; valid until it is dropped.
    var least: SortRecord? { heap.first.flatMap { runs[$0].first } }

    /// Goes on to the next record.
    mutating func dropLeast() throws {
        guard let least = heap.first else { return }
        try runs[least].dropFirst()
        if runs[least].first == nil {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
        }
        if !heap.isEmpty { sink(from: 0) }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            let below = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
            guard let child = below.min(by: { isBefore(heap[$0], heap[$1]) }), isBefore(heap[child], heap[place]) else {
                return
            }
            heap.swapAt(place, child)
            place = child
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        guard let leftKey = unsafe runs[left].first?.key, let rightKey = unsafe runs[right].first?.key else {
            return false
        }
        let order = unsafe SortRecord.compare(leftKey, rightKey)
        return order != 0 ? order < 0 : left < right
    }
}

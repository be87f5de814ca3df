/// The lines of a file that were not understood, so that what they say is not known.
struct LineSet {
    private var ranges: [ClosedRange<Int>] = []

    /// True when every line was understood.
    var isEmpty: Bool { ranges.isEmpty }

    /// Adds lines, counted from 1.
    mutating func insert(_ lines: ClosedRange<Int>) {
        if let last = ranges.last, last.contains(lines.lowerBound), last.contains(lines.upperBound) { return }
        ranges.append(lines)
    }

    func overlaps(_ lines: ClosedRange<Int>) -> Bool {
        ranges.contains { $0.overlaps(lines) }
    }
}

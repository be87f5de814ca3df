import Synchronization

/// What became of the events of one batch, whatever ways they and their copies took: for counting each of them once.
///
/// Copies on several queues share the marks of the event that they were made of.
@safe
package final class EventMarks: Sendable {
    // Invariant: `count` atomics, initialized, owned.
    private nonisolated(unsafe) let bits: UnsafeMutablePointer<Atomic<UInt8>>  // never set again, and atomic inside
    private let count: Int

    private static let kept: UInt8 = 1
    private static let quarantined: UInt8 = 2

    package init(count: Int) {
        self.count = count
        unsafe bits = .allocate(capacity: max(count, 1))
        for row in 0..<count { unsafe (bits + row).initialize(to: Atomic(0)) }
    }

    /// Marks that were written down.
    ///
    /// - Parameter bits: For each event what `EventMark.bits` gave.
    package convenience init(_ bits: [UInt8]) {
        self.init(count: bits.count)
        for (row, bit) in bits.enumerated() { _ = set(bit, row) }
    }

    deinit {
        unsafe bits.deinitialize(count: count)
        unsafe bits.deallocate()
    }

    /// Counts an event as kept, unless it is counted so already; one that counted as quarantined no longer does.
    func keep(_ row: Int, _ counts: inout EventCounts) {
        let before = set(Self.kept, row)
        guard before & Self.kept == 0 else { return }
        counts.kept += 1
        guard before & Self.quarantined != 0 else { return }
        counts.quarantined -= 1
        counts.rejected += 1
    }

    /// Counts an event as quarantined, unless a sink has taken it.
    func quarantine(_ row: Int, _ counts: inout EventCounts) {
        switch set(Self.quarantined, row) {
        case 0: counts.quarantined += 1
        case Self.kept: counts.rejected += 1
        default: break
        }
    }

    fileprivate func bits(_ row: Int) -> UInt8 { set(0, row) }

    private func set(_ bit: UInt8, _ row: Int) -> UInt8 {
        precondition(row >= 0 && row < count, "no such row")
        return unsafe bits[row].bitwiseOr(bit, ordering: .relaxed).oldValue
    }
}

/// How many events a run has kept and quarantined, each counted once.
package struct EventCounts: Sendable, Hashable {
    package var kept = 0
    package var quarantined = 0
    /// Events that a stage could not work on, although a sink has taken them on another way.
    package var rejected = 0

    package init() {}

    package static func += (left: inout EventCounts, right: EventCounts) {
        left.kept += right.kept
        left.quarantined += right.quarantined
        left.rejected += right.rejected
    }
}

/// One event's marks.
package struct EventMark: Sendable {
    package let marks: EventMarks
    package let row: Int

    package init(marks: EventMarks, row: Int) {
        self.marks = marks
        self.row = row
    }

    /// What became of the event so far, to be written down.
    package var bits: UInt8 { marks.bits(row) }

    /// Counts the event as kept, once.
    package func keep(_ counts: inout EventCounts) { marks.keep(row, &counts) }

    /// Counts the event as quarantined, unless a sink has taken it.
    package func quarantine(_ counts: inout EventCounts) { marks.quarantine(row, &counts) }
}

/// Fingerprints in memory: open addressing in an array that doubles up to a bound.
struct FingerprintTable {
    private var slots: [Fingerprint]
    private(set) var count = 0
    private let mostSlots: Int

    static let slotBytes = MemoryLayout<Fingerprint>.stride

    /// Takes the most bytes that the array may take; while it doubles, the old one is there as well.
    init(bytes: Int) {
        let slots = max(bytes / Self.slotBytes, 16)
        mostSlots = 1 << (Int.bitWidth - 1 - slots.leadingZeroBitCount)
        self.slots = Array(repeating: .none, count: min(mostSlots, 1024))
    }

    /// True when it takes no more.
    var isFull: Bool { count >= mostSlots / 4 * 3 }

    /// The fingerprint that is there already; else nil, and this one is put there, for which there must be room.
    ///
    /// Without `comparesLow` the first 64 bits decide alone.
    mutating func insert(_ fingerprint: Fingerprint, comparesLow: Bool) -> Fingerprint? {
        if count >= slots.count / 4 * 3 { grow() }
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: fingerprint.high) & mask
        while slots[place] != .none {
            let other = slots[place]
            if other.high == fingerprint.high, !comparesLow || other.low == fingerprint.low { return other }
            place = (place + 1) & mask
        }
        slots[place] = fingerprint
        count += 1
        return nil
    }

    /// Lends the fingerprints in their order, and forgets them.
    mutating func empty(_ body: ([Fingerprint]) throws -> Void) rethrows {
        slots.removeAll { $0 == .none }
        slots.sort()
        try body(slots)
        slots = Array(repeating: .none, count: mostSlots)
        count = 0
    }

    /// Lends every fingerprint, in no order.
    func forEach(_ body: (Fingerprint) throws -> Void) rethrows {
        for slot in slots where slot != .none { try body(slot) }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .none, count: old.count * 2)
        let mask = slots.count - 1
        for fingerprint in old where fingerprint != .none {
            var place = Int(truncatingIfNeeded: fingerprint.high) & mask
            while slots[place] != .none { place = (place + 1) & mask }
            slots[place] = fingerprint
        }
    }
}

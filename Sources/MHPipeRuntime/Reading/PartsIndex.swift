/// The index of a text of which only parts were indexed, each by itself.
///
/// Invariant: `offsets` is allocated for `capacity` entries, of which the first `count` are written.
final class PartsIndex {
    private(set) var offsets: UnsafeMutablePointer<UInt32>
    private(set) var count = 0
    private var capacity = 4096

    init() {
        offsets = .allocate(capacity: capacity)
    }

    deinit {
        offsets.deallocate()
    }

    func removeAll() {
        count = 0
    }

    /// Appends the index of a part that begins at an offset of the text.
    func append(_ index: UnsafePointer<UInt32>, count added: Int, offset: Int) {
        reserve(count + added)
        let shift = UInt32(truncatingIfNeeded: offset)
        for entry in 0..<added { offsets[count + entry] = index[entry] &+ shift }
        count += added
    }

    /// Writes the two entries that stand behind the last one.
    func end(at offset: Int) {
        reserve(count + 2)
        offsets[count] = UInt32(truncatingIfNeeded: offset)
        offsets[count + 1] = UInt32(truncatingIfNeeded: offset)
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        capacity = max(2 * capacity, wanted)
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        larger.update(from: offsets, count: count)
        offsets.deallocate()
        offsets = larger
    }
}

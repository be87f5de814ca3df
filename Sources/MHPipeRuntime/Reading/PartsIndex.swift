import MHPipeKit

/// The index of a window of which only parts are indexed, in memory that is used again.
@safe
final class PartsIndex {
    private(set) var offsets: UnsafeMutablePointer<UInt32>
    private(set) var count = 0
    private var capacity = 1 << 10

    init() {
        unsafe offsets = .allocate(capacity: capacity)
    }

    deinit {
        unsafe offsets.deallocate()
    }

    func removeAll() {
        count = 0
    }

    /// Adds the index of a part that begins at an offset of the text.
    func append(_ index: UnsafePointer<UInt32>, count added: Int, offset: Int) {
        reserve(count + added)
        let shift = UInt32(truncatingIfNeeded: offset)
        for entry in 0..<added { unsafe offsets[count + entry] = unsafe index[entry] &+ shift }
        count += added
    }

    /// Adds one entry.
    func append(_ offset: Int) {
        reserve(count + 1)
        unsafe offsets[count] = UInt32(truncatingIfNeeded: offset)
        count += 1
    }

    /// Writes the two entries that stand behind the last one.
    func end(at offset: Int) {
        reserve(count + 2)
        for entry in count...count + 1 { unsafe offsets[entry] = UInt32(truncatingIfNeeded: offset) }
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        capacity = max(2 * capacity, wanted)
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        unsafe larger.update(from: offsets, count: count)
        unsafe offsets.deallocate()
        unsafe offsets = unsafe larger
    }
}

/// Index entries in memory that does not move.
final class IndexMemory {
    let offsets: UnsafeMutablePointer<UInt32>

    init(_ entries: some Collection<UInt32>) {
        offsets = .allocate(capacity: entries.count)
        _ = UnsafeMutableBufferPointer(start: offsets, count: entries.count).initialize(fromContentsOf: entries)
    }

    deinit {
        offsets.deallocate()
    }
}

/// Index entries in memory that does not move.
@safe
final class IndexMemory {
    let offsets: UnsafeMutablePointer<UInt32>

    init(_ entries: some Collection<UInt32>) {
        unsafe offsets = .allocate(capacity: entries.count)
        _ = unsafe UnsafeMutableBufferPointer(start: offsets, count: entries.count).initialize(fromContentsOf: entries)
    }

    deinit {
        unsafe offsets.deallocate()
    }
}

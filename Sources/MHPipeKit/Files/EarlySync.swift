import Libc

/// Has the disk work while the next bytes of a file are made, so that little is left to wait for at the end.
struct EarlySync {
    /// Where what the disk has been told of ends.
    private var told: Int

    private static let step = 8 << 20

    /// - Parameter offset: Where the file ended before anything was written.
    init(from offset: Int = 0) {
        told = offset
    }

    /// Takes note of a file that was written up to an offset.
    mutating func note(_ descriptor: Int32, upTo offset: Int) {
        guard offset - told >= Self.step else { return }
        startSync(descriptor, from: told, count: offset - told)
        told = offset
    }
}

import MHPipeKit
import Synchronization

/// Output buffers that are used again: a worker takes one, a sink's queue gives it back.
final class BufferPool: Sendable {
    private let free = Mutex<[OutputBuffer]>([])

    /// A buffer larger than this is let go of, so that one huge record does not hold its memory for ever.
    private static let largestKept = 2 << 20
    private static let mostKept = 16

    func take() -> OutputBuffer {
        free.withLock { $0.popLast() } ?? OutputBuffer(capacity: 64 << 10)
    }

    func give(_ buffer: OutputBuffer) {
        guard buffer.capacityInBytes <= Self.largestKept else { return }
        buffer.removeAll()
        free.withLock { if $0.count < Self.mostKept { $0.append(buffer) } }
    }
}

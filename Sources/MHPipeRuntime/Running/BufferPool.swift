import MHPipeKit

/// Output buffers that are used again: a worker takes one, a sink's queue gives it back.
final class BufferPool: Sendable {
    private struct State {
        var free: [OutputBuffer] = []
        var bytes = 0
    }

    private let state = Locked(State())

    /// Buffers of this many bytes are kept at most, and none that is larger than half of it: one huge record does not
    /// hold its memory for ever.
    private static let mostKept = 4 << 20
    /// What a new buffer has; those that were made for no more than they hold are smaller, and of no use again.
    private static let usualBytes = 64 << 10

    func take() -> OutputBuffer {
        let buffer = state.withLock { state -> OutputBuffer? in
            guard let buffer = state.free.popLast() else { return nil }
            state.bytes -= buffer.capacityInBytes
            return buffer
        }
        return buffer ?? OutputBuffer(capacity: Self.usualBytes)
    }

    func give(_ buffer: OutputBuffer) {
        let size = buffer.capacityInBytes
        guard size >= Self.usualBytes, size <= Self.mostKept / 2 else { return }
        buffer.removeAll()
        state.withLock { state in
            guard state.bytes + size <= Self.mostKept else { return }
            state.free.append(buffer)
            state.bytes += size
        }
    }
}

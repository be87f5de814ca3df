import Dispatch
import MHPipeKit

/// An object on its way, read from its first byte to its last by one thread at a time.
package final class ObjectFetch: @unchecked Sendable /* handed from the source's queue to one worker's */ {
    package let object: S3Object
    let parts: [ObjectFetcher.Part]
    private let fetcher: ObjectFetcher
    /// The part that is read, and what of it is left.
    private var current = 0
    private var bytes: [UInt8]?
    private var place = 0

    init(_ object: S3Object, _ fetcher: ObjectFetcher, isCounted: Bool) {
        self.object = object
        self.fetcher = fetcher
        let step = ObjectFetcher.partBytes
        let starts = object.size <= step ? [0] : Array(stride(from: 0, to: object.size, by: step))
        parts = starts.map { start in
            ObjectFetcher.Part(
                object,
                start..<(starts.count == 1 ? object.size : min(start + step, object.size)),
                isWhole: starts.count == 1,
                isCounted: isCounted
            )
        }
    }

    deinit {
        fetcher.release(parts[min(current, parts.count)...])
    }

    /// Waits for the first bytes, so that an object that cannot be read is known before any are.
    ///
    /// - Throws: `AWSFailure`.
    package func open() throws(AWSFailure) {
        try load()
    }

    /// The next bytes; 0 at the end.
    ///
    /// - Throws: `AWSFailure`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(AWSFailure) -> Int {
        while current < parts.count {
            try load()
            let count = bytes.map { bytes in
                let count = min(bytes.count - place, buffer.count)
                unsafe bytes.withUnsafeBytes {
                    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<(place + count)]))
                }
                return count
            }
            place += count ?? 0
            if place == bytes?.count {
                bytes = nil
                place = 0
                current += 1
                fetcher.release(parts[(current - 1)..<current])
            }
            if let count, count > 0 { return count }
        }
        return 0
    }

    private func load() throws(AWSFailure) {
        guard bytes == nil, current < parts.count else { return }
        let part = parts[current]
        if !part.isCounted { fetcher.startNow(part) }
        while part.isThere.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if fetcher.stop.isRaised { throw AWSFailure(cause: .stopped, host: fetcher.bucket.name) }
        }
        guard let result = fetcher.take(part) else { throw AWSFailure(cause: .stopped, host: fetcher.bucket.name) }
        // Whoever asks again is told again.
        if case .failure = result { part.isThere.signal() }
        bytes = try result.get()
    }
}

import Dispatch
import Libc
import MHPipeIO
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
    /// All of it, where it was gathered, and what of that was handed on.
    private var file: TemporaryFile?
    private var filePlace = 0

    /// Larger objects are read as they come.
    private static let mostGathered = 1 << 30

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

    /// Waits for all of it, so that an object of which a part cannot be had is known before any of it is read.
    ///
    /// What comes in several parts goes to a temporary file, unless it is very large, or would fill the disk.
    ///
    /// - Throws: `AWSFailure`; `StageError` when there is no file.
    package func open() throws {
        try load()
        guard parts.count > 1, object.size <= Self.mostGathered, Self.hasRoom(for: object.size) else { return }
        try StageError.wrapping { () throws(OutputFailure) in file = try TemporaryFile(in: TemporaryFile.defaultFolder)
        }
        while current < parts.count {
            try load()
            try unsafe bytes?.withUnsafeBytes { bytes in
                try StageError.wrapping { () throws(OutputFailure) in try unsafe file?.append(bytes) }
            }
            endPart()
        }
    }

    /// False where somebody else would have no room either.
    private static func hasRoom(for count: Int) -> Bool {
        var status = statvfs()
        guard unsafe statvfs(TemporaryFile.defaultFolder, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) > 2 * UInt64(count)
    }

    /// The next bytes; 0 at the end.
    ///
    /// - Throws: `AWSFailure`; `StageError` when the temporary file cannot be read.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if file != nil { return try unsafe readFile(into: buffer) }
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
            if place == bytes?.count { endPart() }
            if let count, count > 0 { return count }
        }
        return 0
    }

    private func endPart() {
        bytes = nil
        place = 0
        current += 1
        fetcher.release(parts[(current - 1)..<current])
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(object.size - filePlace, buffer.count)
        guard count > 0 else { return 0 }
        let bytes = try StageError.wrapping { () throws(OutputFailure) in try file?.bytes(count, at: filePlace) }
        unsafe buffer.copyBytes(from: bytes ?? [])
        filePlace += count
        return count
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

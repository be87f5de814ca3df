import Libc

/// One hidden file that holds, in its order, what goes to many, for later runs to go on with; used on one queue at a time.
final class FrameSpool {
    private let file: KeptFile
    private let name: String
    private let frame = OutputBuffer()

    private static let pieceBytes = 1 << 20

    /// - Parameters:
    ///   - place: What it is beside; nothing ever stands there.
    ///   - key: What the runs that belong together have in common.
    ///   - mark: Where to go on; nil to begin.
    /// - Throws: `OutputFailure` when it cannot be written, or is not what the mark says.
    init(_ place: OutputPlace, key: String, at mark: KeptFile.Mark?) throws(OutputFailure) {
        name = place.name
        file =
            if let mark { try KeptFile(place, key: key, at: mark) } else {
                try KeptFile(place, key: key, mode: 0o600)
            }
    }

    /// Writes a frame behind the others.
    func write(_ bytes: UnsafeBufferPointer<UInt8>, _ head: FileFrame.Head) throws {
        frame.removeAll()
        unsafe FileFrame.append(bytes, for: head, to: frame)
        try StageError.wrapping { () throws(OutputFailure) in try unsafe file.write(frame.bytes) }
    }

    /// Where the frames end, all of them in the file.
    var end: Int { get throws { try mark().offset } }

    /// Makes durable what was written, and says where that ends.
    func mark() throws -> KeptFile.Mark {
        try StageError.wrapping { () throws(OutputFailure) in try file.mark() }
    }

    /// Waits until all is on the disk, and takes nothing more.
    func finish() throws {
        try StageError.wrapping { () throws(OutputFailure) in try file.finish() }
    }

    /// Leaves the file for a later run.
    func suspend() { file.suspend() }

    /// Removes the file.
    func abort() { file.abort() }

    /// Reads frames back, some whole ones at a time.
    func forEach(
        in range: Range<Int>,
        _ body: (FileFrame.Head, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let opened = file.temporaryPath.open(O_RDONLY | O_NOFOLLOW) else { throw unreadable(errno) }
        var window = [UInt8](repeating: 0, count: Self.pieceBytes)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let room = min(window.count, range.upperBound - offset)
            let count = unsafe window.withUnsafeMutableBytes {
                unsafe DescriptorReading.fill(.init(rebasing: $0[..<room]), from: opened.number, at: offset)
            }
            guard count == room else { throw unreadable(count < 0 ? errno : EIO) }
            var whole = 0
            var next = FileFrame.numbersSize
            while whole + FileFrame.numbersSize <= room {
                guard let size = FileFrame.size(window.span.extracting(whole..<room)) else { throw unreadable(EIO) }
                next = size
                guard next <= room - whole else { break }
                whole += next
            }
            guard whole > 0 else {
                // One frame may be larger than the window.
                guard next > window.count, next <= range.upperBound - offset else { throw unreadable(EIO) }
                window = [UInt8](repeating: 0, count: next)
                continue
            }
            try unsafe window.withUnsafeBufferPointer {
                try unsafe FileFrame.forEach(in: UnsafeBufferPointer(rebasing: $0[..<whole]), body)
            }
            offset += whole
        }
    }

    private func unreadable(_ number: Int32) -> StageError {
        StageError(wrapping: OutputFailure(name, errorNumber: number))
    }
}

import Libc

/// Many files of one folder, for a run that keeps its state: what goes to them stands in one hidden file, in its order,
/// until the run is at its end.
///
/// One file can be cut back to a checkpoint where thousands would have to be. It costs that all is written twice. The end
/// may be cut anywhere, and is done again then:
///
/// 1. `finish` copies what goes to each file into a hidden one of its own; where the files grow, it notes behind all how each
///    of them ends before that;
/// 2. the caller writes down the checkpoint, which is `isWhole`;
/// 3. `commit` gives new files their names, and puts the rest behind what is there;
/// 4. `settle`, when the caller has written down that all outputs are in their places, removes the hidden file.
///
/// Used on one queue at a time.
final class SpooledFolder {
    /// How far the hidden file has come.
    private struct Mark {
        var growth: OutputFolder.Growth
        /// Where the frames end; what comes then are the ends of files.
        var frames: Int
        var file: KeptFile.Mark

        var text: String { "\(growth.rawValue) \(frames) \(file.text)" }

        init(_ growth: OutputFolder.Growth, frames: Int, _ file: KeptFile.Mark) {
            (self.growth, self.frames, self.file) = (growth, frames, file)
        }

        init?(_ checkpoint: Checkpoint) {
            let parts = String(decoding: checkpoint.token, as: UTF8.self).split(separator: " ", maxSplits: 2)
            guard parts.count == 3, let growth = OutputFolder.Growth(rawValue: String(parts[0])),
                let frames = Int(parts[1]), let file = KeptFile.Mark(parts[2])
            else { return nil }
            self.init(growth, frames: frames, file)
        }
    }

    private let name: String
    private let folder: OutputFolder
    private let growth: OutputFolder.Growth
    private let spool: KeptFile
    /// Where the frames end, once no more come.
    private var framesEnd: Int?
    private var isStaged = false
    private let frame = OutputBuffer()

    private static let pieceBytes = 1 << 20

    /// Makes the folder where it is not there, and the hidden file in it.
    ///
    /// - Parameters:
    ///   - name: What messages call the files.
    ///   - tree: The folder.
    ///   - beginning: What each file begins with.
    ///   - key: What the runs that belong together have in common.
    ///   - start: Where to begin.
    /// - Throws: `StageError` when it cannot be written, or is not what the checkpoint says.
    init(_ name: String, in tree: OutputTree, beginning: [UInt8], key: String, _ start: SinkStart) throws {
        var mark: Mark?
        switch start {
        case .fresh: growth = .none
        case .append(nil): growth = .first
        case .append: growth = .behind
        case .resume(let checkpoint):
            guard let earlier = Mark(checkpoint) else {
                throw StageError("the state does not say where '\(name)' ended", advice: "begin anew with --restart")
            }
            mark = earlier
            growth = earlier.growth
        }
        let folder = OutputFolder(tree, beginning: beginning, growth: growth)
        try folder.open()
        (self.name, self.folder) = (name, folder)
        let hidden = Array("files-\(String(FileTail.hash(name.utf8), radix: 16))".utf8)
        do {
            spool = try StageError.wrapping { () throws(OutputFailure) in
                let place = try OutputPlace(folder.root.appending(hidden), name: name)
                guard let mark else { return try KeptFile(place, key: key) }
                return try KeptFile(place, key: key, at: mark.file)
            }
        } catch {
            folder.abort()
            throw error
        }
        if let mark, mark.file.isWhole { framesEnd = mark.frames }
    }

    /// The folder behind all links.
    var root: FilePath { folder.root }

    /// True when what is written comes behind what earlier runs have written.
    var grows: Bool { growth != .none }

    /// True when all is written that goes to the files.
    var isWhole: Bool { framesEnd != nil }

    /// The heads of all that was written, in its order.
    func forEachHead(_ body: (FileFrame.Head) -> Void) throws {
        try unsafe forEachFrame(in: 0..<(framesEnd ?? count())) { head, _ in body(head) }
    }

    /// Writes bytes for a file.
    func write(_ bytes: UnsafeBufferPointer<UInt8>, _ head: FileFrame.Head) throws {
        // What must not be there is found before hours of work.
        if growth == .first, !isWhole { try folder.begin(head.path) }
        frame.removeAll()
        unsafe FileFrame.append(bytes, for: head, to: frame)
        try StageError.wrapping { () throws(OutputFailure) in try unsafe spool.write(frame.bytes) }
    }

    /// Refuses what is there already in the first of the runs that write behind each other.
    func allow(_ path: [UInt8]) throws {
        if growth == .first { throw StageError(folder.isThereAlready(path)) }
    }

    /// Writes each file beside its name, and waits until all is on the disk.
    func finish() throws {
        guard !isWhole else { return try stage() }
        framesEnd = try count()
        try stage()
        for (path, end) in folder.ends {
            let head = FileFrame.Head(path: path, rows: end.size, text: Int(truncatingIfNeeded: end.tail))
            try unsafe write(UnsafeBufferPointer(start: nil, count: 0), head)
        }
        try StageError.wrapping { () throws(OutputFailure) in try spool.finish() }
    }

    /// Makes durable what was written, and says where that ends.
    func checkpoint() throws -> Checkpoint {
        let mark = try StageError.wrapping { () throws(OutputFailure) in try spool.mark() }
        return Checkpoint(token: Array(Mark(growth, frames: framesEnd ?? mark.offset, mark).text.utf8))
    }

    /// Puts every file in its place.
    func commit() throws {
        try stage()
        try folder.commit()
    }

    /// Forgets what was written, since nobody goes on with it.
    func settle() {
        spool.abort()
        // A power cut may bring it back, which harms nobody.
        _ = AtomicFile.sync(root)
    }

    /// Keeps what was written for a later run.
    func suspend() {
        spool.suspend()
        folder.abort()
    }

    /// Removes what was written.
    func abort() {
        spool.abort()
        folder.abort()
    }

    var writtenFiles: [WrittenFile] { folder.writtenFiles }

    /// The bytes that were written, all of them in the file.
    private func count() throws -> Int {
        try StageError.wrapping { () throws(OutputFailure) in try spool.mark().offset }
    }

    /// Copies what goes to each file beside its name.
    private func stage() throws {
        guard !isStaged, let framesEnd else { return }
        let end = try count()
        if end > framesEnd {
            var ends: [[UInt8]: FileEnd] = [:]
            try unsafe forEachFrame(in: framesEnd..<end) { head, _ in
                ends[head.path] = FileEnd(size: head.rows, tail: UInt64(truncatingIfNeeded: head.text))
            }
            folder.goOn(behind: ends)
        }
        try unsafe forEachFrame(in: 0..<framesEnd) { head, bytes in
            try unsafe folder.write(bytes, to: head.path, rows: head.rows)
        }
        try folder.finish()
        isStaged = true
    }

    /// Reads frames back, some whole ones at a time.
    private func forEachFrame(
        in range: Range<Int>,
        _ body: (FileFrame.Head, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let file = spool.temporaryPath.open(O_RDONLY | O_NOFOLLOW) else { throw unreadable(errno) }
        var window = [UInt8](repeating: 0, count: Self.pieceBytes)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let room = min(window.count, range.upperBound - offset)
            let count = unsafe window.withUnsafeMutableBytes {
                unsafe DescriptorReading.fill(.init(rebasing: $0[..<room]), from: file.number, at: offset)
            }
            guard count == room else { throw unreadable(count < 0 ? errno : EIO) }
            var whole = 0
            var next = FileFrame.numbersSize
            while whole + FileFrame.numbersSize <= room {
                next = FileFrame.size(window.span.extracting(whole..<room))
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

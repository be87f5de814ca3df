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
/// 4. `forget`, when the caller has written down that all outputs are in their places, removes the hidden file.
///
/// Used on one queue at a time.
final class SpooledFolder {
    /// How far the hidden file has come.
    private struct Mark {
        /// Tells these files from those of another path, which a later run may have.
        var files: UInt64
        var growth: FileGrowth.Kind
        /// Where the frames end; what comes then are the ends of files.
        var frames: Int
        var spool: KeptFile.Mark

        var text: String { "\(String(files, radix: 16)) \(growth.rawValue) \(frames) \(spool.text)" }

        init(files: UInt64, _ growth: FileGrowth.Kind, frames: Int, _ spool: KeptFile.Mark) {
            (self.files, self.growth, self.frames, self.spool) = (files, growth, frames, spool)
        }

        init?(_ checkpoint: Checkpoint) {
            let parts = String(decoding: checkpoint.token, as: UTF8.self).split(separator: " ", maxSplits: 3)
            guard parts.count == 4, let files = UInt64(parts[0], radix: 16),
                let growth = FileGrowth.Kind(rawValue: String(parts[1])), let frames = Int(parts[2]),
                let spool = KeptFile.Mark(parts[3])
            else { return nil }
            self.init(files: files, growth, frames: frames, spool)
        }
    }

    /// What is written.
    struct Files {
        /// What messages call the files.
        var name: String
        var folder: OutputTree
        /// What each file begins with.
        var beginning: [UInt8] = []
        /// True for text, whose last byte ends a line.
        var isText = false
        /// True where each run writes files of its own, as parts are.
        var isAlwaysNew = false

        fileprivate var hash: UInt64 { FileTail.hash(name.utf8) }

        /// The place that the hidden file is beside; nothing ever stands there.
        fileprivate func place(in root: FilePath) throws(OutputFailure) -> OutputPlace {
            try OutputPlace(root.appending(Array("files-\(String(hash, radix: 16))".utf8)), name: name)
        }
    }

    private let files: Files
    private let folder: OutputFolder
    private let growth: FileGrowth.Kind
    private let spool: FrameSpool
    private let warn: (String) -> Void
    /// Where the frames end, once no more come.
    private var framesEnd: Int?
    private var isStaged = false

    /// Makes the folder where it is not there, and the hidden file in it.
    ///
    /// - Parameters:
    ///   - files: What is written.
    ///   - key: What the runs that belong together have in common.
    ///   - start: Where to begin.
    ///   - earlier: How earlier runs have left the files, where that is known.
    ///   - warn: Takes what the user has to know.
    /// - Throws: `StageError` when it cannot be written, or is not what the checkpoint says.
    init(
        _ files: Files,
        key: String,
        _ start: SinkStart,
        earlier: (any EarlierFiles)? = nil,
        warn: @escaping (String) -> Void
    ) throws {
        var mark: Mark?
        switch start {
        case .fresh: growth = .none
        case .append(let checkpoint):
            // What another path has named is nothing that this one has written.
            growth = checkpoint.flatMap(Mark.init)?.files == files.hash ? .behind : .first
        case .resume(let checkpoint):
            guard let earlier = Mark(checkpoint), earlier.files == files.hash else {
                throw StageError(
                    "the state does not say where '\(files.name)' ended",
                    advice: "begin anew with --restart"
                )
            }
            mark = earlier
            growth = earlier.growth
        }
        let folder = OutputFolder(
            files.folder,
            beginning: files.beginning,
            FileGrowth(
                files.isAlwaysNew && growth == .behind ? .first : growth,
                isText: files.isText,
                earlier: files.isAlwaysNew ? nil : earlier,
                warn: warn
            )
        )
        try folder.open()
        (self.files, self.folder, self.warn) = (files, folder, warn)
        do {
            spool = try StageError.wrapping { () throws(OutputFailure) in
                let number = AtomicFile.sync(folder.root.directory)
                guard number == 0 else { throw OutputFailure(files.name, .sync, errorNumber: number) }
                let place = try files.place(in: folder.root)
                return try FrameSpool(place, key: key, at: mark?.spool)
            }
        } catch {
            folder.abort()
            throw error
        }
        if let mark, mark.spool.isWhole { framesEnd = mark.frames }
    }

    /// Removes what is hidden that a run before this one may have left when it was done.
    static func forget(_ files: Files, key: String) {
        guard let root = FilePath(files.folder.path).resolved, let place = try? files.place(in: root) else { return }
        StagingFolder.removeDead(in: root)
        KeptFile.path(of: place, key).removeFile()
    }

    /// The folder behind all links.
    var root: FilePath { folder.root }

    /// True when what is written comes behind what earlier runs have written.
    var grows: Bool { growth != .none }

    /// True when all is written that goes to the files.
    var isWhole: Bool { framesEnd != nil }

    /// The heads of all that was written, in its order.
    func forEachHead(_ body: (FileFrame.Head) -> Void) throws {
        try unsafe spool.forEach(in: 0..<(framesEnd ?? spool.end)) { head, _ in body(head) }
    }

    /// True when there must be none of the files before the run.
    var isFirst: Bool { growth == .first }

    /// Writes bytes for a file.
    func write(_ bytes: UnsafeBufferPointer<UInt8>, _ head: FileFrame.Head) throws {
        // What cannot be written is found before hours of work.
        if !isWhole { try folder.begin(head.path) }
        try unsafe spool.write(bytes, head)
    }

    /// Writes each file beside its name, and waits until all is on the disk.
    func finish() throws {
        guard !isWhole else { return try stage() }
        let end = try spool.end
        try stage(upTo: end)
        framesEnd = end
        for (path, end) in folder.ends {
            let head = FileFrame.Head(path: path, rows: 0, text: 0)
            try unsafe Array(end.text.utf8).withUnsafeBufferPointer { try unsafe write($0, head) }
        }
        try spool.finish()
    }

    /// Makes durable what was written, and says where that ends.
    func checkpoint() throws -> Checkpoint {
        let mark = try spool.mark()
        return Checkpoint(
            token: Array(Mark(files: files.hash, growth, frames: framesEnd ?? mark.offset, mark).text.utf8)
        )
    }

    /// Puts every file in its place.
    func commit() throws {
        try stage()
        for name in folder.missing {
            warn("'\(name)' was taken away while a run put its part there; it is a new file, with that part alone")
        }
        try folder.commit()
    }

    /// Removes what a run would need that does the commit again.
    func forget() {
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

    private func stage() throws {
        guard !isStaged, let framesEnd else { return }
        let end = try spool.end
        if end > framesEnd {
            var ends: [[UInt8]: FileEnd] = [:]
            try unsafe spool.forEach(in: framesEnd..<end) { head, bytes in
                ends[head.path] = unsafe FileEnd(String(decoding: bytes, as: UTF8.self))
            }
            folder.goOn(behind: ends)
        }
        try stage(upTo: framesEnd)
    }

    /// Copies what goes to each file beside its name.
    private func stage(upTo end: Int) throws {
        try unsafe spool.forEach(in: 0..<end) { head, bytes in
            try unsafe folder.write(bytes, to: head.path, rows: head.rows)
        }
        try folder.finish()
        isStaged = true
    }
}

import Libc

/// Many files of one folder, each written piece by piece, of which all get their names together.
///
/// What is written stands in a hidden folder of its own below the folder until `commit`, which renames file by file; a
/// file of a name that was there before stays as it was until then, and all others stay for good. Nothing is left after
/// `abort`, or when the last reference goes away without `commit`. No file can lie outside: a path that leads out of the
/// folder, by `..` or by a link, is refused, as are two paths that lead to one file.
///
/// However many files there are, no more than `mostOpen` are open at a time. Used on one queue at a time.
public final class OutputFolder {
    /// A file on its way.
    private final class File {
        let number: Int
        let place: OutputPlace
        var isMade = false
        /// Nil while it is closed.
        var descriptor: FileDescriptor?
        var lastUse = 0
        var rows = 0
        /// What was written and is not in the file yet.
        var waiting: [UInt8] = []
        /// The bytes that are in it.
        var count = 0
        /// Where what has the name ends; nil where the new file takes its place.
        var end: FileEnd?

        init(_ number: Int, _ place: OutputPlace) {
            self.number = number
            self.place = place
        }
    }

    private let name: String
    private let mostOpen: Int
    private let beginning: [UInt8]
    private let growth: FileGrowth
    /// How the files ended before a run whose end was cut; empty for any other.
    private var earlierEnds: [[UInt8]: FileEnd] = [:]
    private var staging: StagingFolder?
    /// The folder behind all links.
    private(set) var root = FilePath("")
    /// By their paths below the folder.
    private var files: [[UInt8]: File] = [:]
    /// The paths of files by where they will be, without regard to case.
    private var places: [String: [UInt8]] = [:]
    /// Those that are known to be on the root's disk, or were told of.
    private var checkedFolders: Set<FilePath> = []
    /// The folders that were made, each behind the one it lies in.
    private var made: [FilePath] = []
    private var openFiles: [File] = []
    private var uses = 0

    /// The files with something that waits, and how much that is.
    private var waiting: [File] = []
    private var waitingCount = 0
    /// Files that earlier runs have written, and that were gone when the end of this one was done again: they are new ones.
    private(set) var missing: [String] = []
    /// The files that are in their places.
    package private(set) var writtenFiles: [WrittenFile] = []

    /// What may wait for one file, and for all.
    private static let fileBytes = 64 << 10
    private static let allBytes = 4 << 20
    /// How many files a message names.
    private static let mostNames = 20

    /// Names a folder, which is not touched before `open`.
    ///
    /// - Parameters:
    ///   - folder: The folder; it is made when it is not there, but not the one it lies in.
    ///   - mostOpen: How many files may be open at a time.
    ///   - beginning: What each file begins with, such as a line of column names.
    public convenience init(_ folder: OutputTree, mostOpen: Int = 64, beginning: [UInt8] = []) {
        self.init(folder, mostOpen: mostOpen, beginning: beginning, FileGrowth(.none))
    }

    init(_ folder: OutputTree, mostOpen: Int = 64, beginning: [UInt8], _ growth: FileGrowth) {
        name = folder.path
        self.mostOpen = max(mostOpen, 1)
        self.beginning = beginning
        self.growth = growth
    }

    deinit {
        abort()
    }

    /// Makes the folder where it is not there, and looks whether it takes files.
    ///
    /// - Throws: `StageError` when it does not.
    public func open() throws {
        try StageError.wrapping { () throws(OutputFailure) in
            do throws(OutputFailure) {
                let path = FilePath(name)
                if !path.exists {
                    // What cannot be looked at may be there.
                    guard errno == ENOENT else { throw OutputFailure(name, errorNumber: errno) }
                    guard growth.kind != .behind else { throw isGone }
                    try make(path, name)
                }
                guard let root = path.resolved else { throw OutputFailure(name, errorNumber: errno) }
                self.root = root
                staging = try StagingFolder(in: root, name: name)
            } catch {
                abort()
                throw error
            }
        }
    }

    private var isGone: OutputFailure {
        OutputFailure(
            name,
            reason: "the folder is gone in which earlier runs have written",
            advice: "put it back, or mount it; to begin with new files, make an empty one: mkdir -p '\(name)'"
        )
    }

    /// Writes bytes behind those that a file has already; the first make the file.
    ///
    /// - Parameters:
    ///   - bytes: The bytes; valid during the call.
    ///   - path: The path below the folder, such as `111122223333/2026-01-31.jsonl`; folders on the way are made.
    /// - Throws: `StageError` when it cannot be written, leads out of the folder, or is the file of another path.
    public func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) throws {
        try unsafe write(bytes, to: Array(path.utf8))
    }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: [UInt8], rows: Int = 0) throws {
        try StageError.wrapping { () throws(OutputFailure) in
            let file = try file(at: path)
            file.rows += rows
            if file.waiting.isEmpty { waiting.append(file) }
            unsafe file.waiting += bytes
            waitingCount += bytes.count
            if file.waiting.count >= Self.fileBytes { try flush(file) }
            if waitingCount >= Self.allBytes { try flush() }
        }
    }

    /// Begins with a file before there is anything for it.
    func begin(_ path: [UInt8]) throws {
        try StageError.wrapping { () throws(OutputFailure) in _ = try file(at: path) }
    }

    /// Writes what is left of every file and waits until it is on the disk.
    ///
    /// - Throws: `StageError`.
    public func finish() throws {
        try StageError.wrapping { () throws(OutputFailure) in
            try flush()
            // What is put behind other bytes is synced there.
            for file in inOrder where file.end?.size ?? 0 == 0 {
                let number = DescriptorWriting.sync(try descriptor(of: file))
                guard number == 0 else { throw OutputFailure(file.place.name, .sync, errorNumber: number) }
            }
        }
    }

    /// Gives every file its name.
    ///
    /// - Throws: `StageError`, which says which files have their names all the same where one cannot have it.
    public func commit() throws {
        try StageError.wrapping { () throws(OutputFailure) in
            guard let staging else { return }
            defer { abort() }
            for (path, file) in files.sorted(by: { $0.value.number < $1.value.number }) {
                park(file)
                var written = WrittenFile(path: shown(path), rows: file.rows, offset: file.end?.size ?? 0)
                do throws(OutputFailure) {
                    try put(file, from: staging)
                    written.end = try file.end.map { end throws(OutputFailure) in
                        try FileEnd(of: file.place, at: end.size + file.count).text
                    }
                } catch {
                    throw halfWay(error)
                }
                writtenFiles.append(written)
            }
            let folders = self.folders
            // What is in its place stays there.
            for folder in made { UnfinishedFiles.remove(folder: folder) }
            made = []
            let place = files.values.first?.place
            for folder in folders {
                let number = AtomicFile.sync(folder)
                if number != 0, let place { throw AtomicFile.unsettled(place, number) }
            }
        }
    }

    /// Gives a file its name, or puts it behind what has the name.
    private func put(_ file: File, from staging: StagingFolder) throws(OutputFailure) {
        guard let end = file.end else { return try staging.rename(file.number, to: file.place) }
        guard let there = file.place.path.open(O_RDWR) else {
            guard errno == ENOENT else { throw OutputFailure(file.place.name, errorNumber: errno) }
            guard end.size == 0 else {
                throw OutputFailure(
                    file.place.name,
                    reason: "it was taken away since this run began",
                    advice: "put it back, and run again: what is to be appended is kept"
                )
            }
            return try staging.rename(file.number, to: file.place)
        }
        let source = staging.path(of: file.number)
        let mayBeBegun = !earlierEnds.isEmpty
        try end.append(file.count, of: source, to: there.number, file.place, mayBeBegun: mayBeBegun)
        staging.discard(file.number)
    }

    /// Every folder that holds a file, and those above up to the one that holds this; earlier runs may have made them, and
    /// ended before they were on the disk.
    private var folders: Set<FilePath> {
        var folders: Set<FilePath> = [root.directory]
        for file in files.values {
            var folder = file.place.path.directory
            while folder.isInside(root), folders.insert(folder).inserted { folder = folder.directory }
        }
        return folders
    }

    /// How each file ended that grows, or that was not there, in the order in which they were begun.
    var ends: [(path: [UInt8], end: FileEnd)] {
        files.sorted { $0.value.number < $1.value.number }.compactMap { path, file in file.end.map { (path, $0) } }
    }

    /// Takes files to end where they did before an earlier run, which may have put some of them in their places.
    func goOn(behind ends: [[UInt8]: FileEnd]) {
        earlierEnds = ends
    }

    /// Removes what was written, and the folders that were made for it.
    public func abort() {
        for file in openFiles { park(file) }
        staging?.remove()
        staging = nil
        for folder in made.reversed() {
            folder.removeFolder()
            UnfinishedFiles.remove(folder: folder)
        }
        (files, places, made, waiting, waitingCount) = ([:], [:], [], [], 0)
    }

    /// The failure of a rename, with what became of the other files.
    private func halfWay(_ failure: OutputFailure) -> OutputFailure {
        let names = inOrder.map(\.place.name)
        guard growth.kind == .none else {
            var failure = failure
            let rest =
                "what this run has for \(names.count == 1 ? "it" : "all \(names.count) files") is kept; run again, which does the rest"
            failure.advice = [failure.advice, rest].compactMap(\.self).joined(separator: "\n")
            return failure
        }
        let done = names.prefix(writtenFiles.count)
        let isOrAre = { (count: Int) in count == 1 ? "is" : "are" }
        let what =
            done.isEmpty
            ? "no file of '\(name)' has its new content"
            : "\(Self.list(done)) \(isOrAre(done.count)) in place with what this run wrote;"
                + " \(Self.list(names.dropFirst(done.count))) \(isOrAre(names.count - done.count)) as before it"
        var failure = failure
        failure.advice = [
            failure.advice, "\(what); see to '\(failure.name)', and run again, which writes all of them anew",
        ]
        .compactMap(\.self).joined(separator: "\n")
        return failure
    }

    private static func list(_ names: ArraySlice<String>) -> String {
        let shown = names.prefix(mostNames).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > mostNames ? "\(shown) and \(names.count - mostNames) more" : shown
    }

    private var inOrder: [File] { files.values.sorted { $0.number < $1.number } }

    // MARK: - Places

    private func file(at path: [UInt8]) throws(OutputFailure) -> File {
        if let file = files[path] { return file }
        let place = try place(of: path)
        let file = File(files.count, place)
        file.end = try end(of: place, path)
        if file.end?.size ?? 0 == 0, !beginning.isEmpty {
            file.waiting = beginning
            waiting.append(file)
        }
        files[path] = file
        return file
    }

    /// Where the file ends that is to grow; nil where a new one takes its place.
    private func end(of place: OutputPlace, _ path: [UInt8]) throws(OutputFailure) -> FileEnd? {
        if let end = earlierEnds[path] {
            guard end.size > 0, !place.path.exists, errno == ENOENT else { return end }
            missing.append(shown(path))
            return .ofNothing
        }
        return try growth.end(of: place, shown(path))
    }

    /// The path as the user names it.
    private func shown(_ path: [UInt8]) -> String {
        ByteText.text(name == "." ? path : FilePath(name).appending(path).bytes)
    }

    /// Where a path leads, when that is below the folder; folders on the way are made.
    private func place(of path: [UInt8]) throws(OutputFailure) -> OutputPlace {
        let names = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let shown = shown(path)
        guard !names.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) else {
            throw OutputFailure(shown, reason: "it does not lie below '\(name)'")
        }
        var folder = root
        for name in names.dropLast() {
            folder = folder.appending(Array(name))
            // A link that was put there is followed as long as it leads to a folder below.
            if let real = folder.resolved {
                guard real.isInside(root) else { throw leadsOut(shown, folder) }
                folder = real
            } else {
                try make(folder, shown)
            }
        }
        let place = try OutputPlace(folder.appending(Array(names[names.count - 1])), name: shown)
        guard place.path.directory.resolved?.isInside(root) == true, place.kind == .regular else {
            throw leadsOut(shown, place.path)
        }
        guard isOnOneDisk(folder) else {
            throw OutputFailure(
                shown,
                reason:
                    "'\(folder.text)' lies on another disk than '\(name)', so no file can be moved there in one step",
                advice: "choose a folder on that disk"
            )
        }
        try claim(place, for: path)
        return place
    }

    /// True for a folder that the root can be left for by a rename.
    private func isOnOneDisk(_ folder: FilePath) -> Bool {
        guard folder != root, !checkedFolders.contains(folder) else { return true }
        guard let there = try? FileStatus(folder), let here = try? FileStatus(root) else { return true }
        checkedFolders.insert(folder)
        return there.identity.device == here.identity.device
    }

    private func leadsOut(_ shown: String, _ path: FilePath) -> OutputFailure {
        OutputFailure(
            shown,
            reason: "'\(path.text)' leads to what is no file below '\(name)'",
            advice: "remove the link, or choose another folder"
        )
    }

    /// Sees to it that no two paths lead to one file, where the second would take the place of the first.
    private func claim(_ place: OutputPlace, for path: [UInt8]) throws(OutputFailure) {
        let key = staging?.ignoresCase == true ? place.path.text.lowercased() : place.path.text
        guard let other = places.updateValue(path, forKey: key) else { return }
        throw OutputFailure(
            place.name,
            reason: "it is the same file there as '\(shown(other))'",
            advice: "one of the two would be lost; choose a template, or a folder, in which they differ"
        )
    }

    private func make(_ folder: FilePath, _ shown: String) throws(OutputFailure) {
        let number = unsafe folder.withSystemPath { unsafe mkdir($0, 0o777) == 0 ? 0 : errno }
        guard number != EEXIST else { return }
        guard number == 0 else {
            guard number == ENOENT else { throw OutputFailure(shown, errorNumber: number) }
            let above = folder.directory.text
            throw OutputFailure(
                shown,
                reason: "the folder '\(above)' does not exist",
                errorNumber: number,
                advice: "make it first: mkdir -p '\(above)'"
            )
        }
        made.append(folder)
        UnfinishedFiles.add(folder: folder)
    }

    // MARK: - Descriptors

    private func flush() throws(OutputFailure) {
        for file in waiting { try flush(file) }
        (waiting, waitingCount) = ([], 0)
    }

    private func flush(_ file: File) throws(OutputFailure) {
        guard !file.waiting.isEmpty else { return }
        let descriptor = try descriptor(of: file)
        let number = unsafe file.waiting.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: descriptor) }
        guard number == 0 else { throw OutputFailure(file.place.name, errorNumber: number) }
        file.count += file.waiting.count
        file.waiting = []
    }

    /// The descriptor of a file, for whose sake another one may be closed.
    private func descriptor(of file: File) throws(OutputFailure) -> Int32 {
        uses += 1
        file.lastUse = uses
        if let number = file.descriptor?.number { return number }
        guard let staging else { return -1 }
        while openFiles.count >= mostOpen, parkOldest() {}
        while true {
            do throws(OutputFailure) {
                let opened = try staging.open(file.number, isNew: !file.isMade, for: file.place)
                let number = opened.number
                file.descriptor = consume opened
                file.isMade = true
                openFiles.append(file)
                return number
            } catch {
                // The process may have no more to give than it has here.
                guard error.errorNumber == EMFILE, parkOldest() else { throw error }
            }
        }
    }

    /// Closes the file that was used longest ago; false when none is open.
    private func parkOldest() -> Bool {
        guard let oldest = openFiles.min(by: { $0.lastUse < $1.lastUse }) else { return false }
        park(oldest)
        return true
    }

    private func park(_ file: File) {
        guard file.descriptor != nil else { return }
        file.descriptor = nil
        openFiles.removeAll { $0 === file }
    }
}

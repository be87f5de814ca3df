import Dispatch
import MHPipeIO
import MHPipeKit

/// What a `FolderFollower` does on its queue.
final class FolderFollowing: @unchecked Sendable /* used on its queue only */ {
    /// What is handed out.
    enum Found {
        case file(FilePath, FileStatus, isLink: Bool)
        case unreadable(FilePath, reason: String)
    }

    let folder: ResolvedFolder
    /// How much waits, for whoever asks on another queue.
    let backlog = Locked(WatchBacklog())
    private var pending = PendingFiles() {
        didSet { backlog.withLock { $0 = WatchBacklog(units: pending.count, since: pending.since) } }
    }
    private let root: FilePath
    private let choices: FolderChoices
    private let manner: FolderFollower.Manner
    private let warn: @Sendable (String) -> Void
    private let onNews: @Sendable () -> Void
    private let queue: DispatchQueue
    private var written = FilesBeingWritten()
    private var watches: FolderWatches?
    private var signals: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    /// Folders to walk through, by their paths below the root.
    private var toWalk: [[UInt8]] = [[]]
    private var walk: (path: [UInt8], walk: DirectoryWalk)?
    private var isWalkingOn = false
    /// True while old files need not be found, since a walk before has.
    private var isOfYoung = false
    /// True when something was found that there was no room for.
    private var hasLost = false
    private var isGone = false
    private var lastRescan = ContinuousClock.now

    /// Steps of a walk between two looks at who else wants the queue.
    private static let steps = 2000

    init(
        _ root: FilePath,
        _ selection: FileSelection,
        _ manner: FolderFollower.Manner,
        queue: DispatchQueue,
        warn: @escaping @Sendable (String) -> Void,
        onNews: @escaping @Sendable () -> Void
    ) throws(InputFailure) {
        self.root = root
        self.manner = manner
        self.queue = queue
        self.warn = warn
        self.onNews = onNews
        folder = ResolvedFolder(root)
        choices = FolderChoices(selection, keyPrefix: folder.keyPrefix)
        // Says what is wrong with it, if anything, before anything is begun.
        _ = try FolderStream(root)
    }

    deinit {
        signals?.cancel()
        timer?.cancel()
    }

    /// Begins to follow.
    func begin() {
        if manner.mode == .yes { watch() }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let interval = manner.interval.dispatchInterval
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { [weak self] in self?.lookAgain() }
        timer.activate()
        self.timer = timer
        walkOn()
    }

    private func watch() {
        do throws(FolderWatches.Refusal) {
            let watches = try FolderWatches(root)
            let signals = DispatchSource.makeReadSource(fileDescriptor: watches.descriptor, queue: queue)
            signals.setEventHandler { [weak self] in self?.takeSignals() }
            signals.activate()
            self.signals = signals
            self.watches = consume watches
        } catch {
            poll(since: error)
        }
    }

    /// Looks now and then from here on.
    private func poll(since refusal: FolderWatches.Refusal) {
        signals?.cancel()
        signals = nil
        watches = nil
        rescan()
        guard let reason = refusal.reason else { return }
        warn("'\(root.text)' is looked through every \(manner.intervalText), since \(reason)")
    }

    // MARK: - What the system tells

    private func takeSignals() {
        let changes = watches?.read() ?? []
        for change in changes {
            switch change {
            case .file(let path):
                written.forget(path)
                add(path)
            case .name(let path): addName(path)
            case .folder(let path):
                if choices.folderChoice(of: path) == .list { toWalk.append(path) }
            case .gone(let path): if path.isEmpty { leave() }
            case .lost:
                warn("more files came to '\(root.text)' at once than the system remembers; it is looked through again")
                rescan()
            }
        }
        walkOn()
        if pending.count > 0 { onNews() }
    }

    /// A name that no writer closes: that of a link, or another one of a file that is there.
    private func addName(_ path: [UInt8]) {
        guard choices.choice(of: path) == .read, let own = try? FileStatus(folder.path(path), followsLinks: false)
        else {
            return
        }
        guard own.kind == .link || own.hasOtherNames, let status = try? FileStatus(folder.path(path)),
            status.kind == .file
        else { return }
        if isWhole(path, status) { add(path) }
    }

    private func add(_ path: [UInt8]) {
        guard choices.choice(of: path) == .read else { return }
        add(.file(path))
    }

    private func add(_ item: PendingFiles.Item) {
        if !pending.add(item) { hasLost = true }
    }

    private func isWhole(_ path: [UInt8], _ status: FileStatus) -> Bool {
        // Times of a file system of another machine are by its clock.
        let oldAge: Duration = watches == nil ? max(manner.interval, .seconds(3600)) : manner.interval
        return written.isWhole(path, status, pause: manner.interval, oldAge: oldAge)
    }

    // MARK: - Looking

    /// Walks through the whole folder again.
    private func rescan(ofYoung: Bool = false) {
        toWalk = [[]]
        walk = nil
        isOfYoung = ofYoung
        guard !ofYoung else { return }
        hasLost = false
        lastRescan = .now
    }

    /// What is done every few seconds.
    private func lookAgain() {
        // What has been told and nobody was woken for.
        if watches != nil { takeSignals() }
        for path in written.paths {
            guard let status = try? FileStatus(folder.path(path)), status.kind == .file else {
                written.forget(path)
                continue
            }
            if isWhole(path, status) { add(path) }
        }
        if isGone { comeBack() }
        if walk == nil, toWalk.isEmpty, !isGone {
            let isDue = hasLost || ContinuousClock.now - lastRescan >= manner.rescan
            if watches == nil || isDue { rescan(ofYoung: !isDue) }
        }
        walkOn()
        if pending.count > 0 { onNews() }
    }

    /// Walks as far as there is room for what is found, and leaves the queue to others now and then.
    private func walkOn() {
        let before = pending.count
        for _ in 0..<Self.steps where pending.count < PendingFiles.limit / 2 {
            guard step() else { break }
        }
        if before == 0, pending.count > 0 { onNews() }
        guard !isWalkingOn, walk != nil || !toWalk.isEmpty, pending.count < PendingFiles.limit / 2 else { return }
        isWalkingOn = true
        queue.async { [weak self] in
            self?.isWalkingOn = false
            self?.walkOn()
        }
    }

    /// A step of a walk; false when there is nothing to walk through.
    private func step() -> Bool {
        do throws(InputFailure) {
            if walk == nil {
                guard let path = toWalk.popLast() else { return false }
                if path.isEmpty { written.beginWalk(isOfYoung: isOfYoung) }
                walk = (path, try makeWalk(path))
            }
            guard let (path, walk) = walk else { return false }
            switch try walk.next() {
            case .file(let file):
                let below = folder.below(given: file.path)
                if isWhole(below, file.status) { add(.file(below)) }
            case .unreadable(let path, let reason): add(.unreadable(folder.below(given: path), reason: reason))
            case nil:
                self.walk = nil
                _ = path
            }
        } catch {
            walk = nil
            if (try? FolderStream(root)) == nil { leave() } else { hasLost = true }
        }
        return true
    }

    private func makeWalk(_ path: [UInt8]) throws(InputFailure) -> DirectoryWalk {
        addWatch(path)
        let prefix = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
        return try DirectoryWalk(
            folder.path(path),
            choice: { [choices] in choices.choice(of: prefix + $0) },
            folderChoice: { [weak self, choices] below in
                let choice = choices.folderChoice(of: prefix + below)
                // Before it is listed, since files may come in between.
                if choice == .list { self?.addWatch(prefix + below) }
                return choice
            }
        )
    }

    private func addWatch(_ path: [UInt8]) {
        do throws(FolderWatches.Refusal) {
            try watches?.add(path)
        } catch {
            // The walk says what cannot be listed.
            if case .unreadable = error { return }
            queue.async { [weak self] in
                guard let self, watches != nil else { return }
                poll(since: error)
                walkOn()
            }
        }
    }

    // MARK: - The folder itself

    private func leave() {
        guard !isGone else { return }
        isGone = true
        signals?.cancel()
        signals = nil
        watches = nil
        walk = nil
        toWalk = []
        warn("'\(root.text)' is gone; it is looked for every \(manner.intervalText)")
    }

    private func comeBack() {
        guard (try? FolderStream(root)) != nil else { return }
        isGone = false
        warn("'\(root.text)' is there again")
        if manner.mode == .yes { watch() }
        rescan()
    }

    // MARK: - Rounds

    /// The next thing to hand out; nil when there is none.
    func next() throws(InputFailure) -> Found? {
        while true {
            guard let item = pending.take() else {
                guard pending.count == 0, walk != nil || !toWalk.isEmpty else { return nil }
                walkOn()
                if pending.count == 0 { return nil }
                continue
            }
            switch item {
            case .unreadable(let path, let reason): return .unreadable(folder.path(path), reason: reason)
            case .file(let below):
                if let found = try look(at: folder.path(below)) { return found }
            }
        }
    }

    /// What is at a path by now; nil where nothing is left to read.
    private func look(at path: FilePath) throws(InputFailure) -> Found? {
        do throws(InputFailure) {
            let own = try FileStatus(path, followsLinks: false)
            let status = own.kind == .link ? try FileStatus(path) : own
            guard status.kind == .file else { return nil }
            return .file(path, status, isLink: own.kind == .link)
        } catch {
            if error.isMachineFault { throw error }
            // Somebody has taken it away before it was read.
            if (try? FileStatus(path, followsLinks: false)) == nil { return nil }
            return .unreadable(path, reason: error.reason)
        }
    }

    func endRound(isCommitted: Bool) {
        pending.endRound(isCommitted: isCommitted)
        walkOn()
        if pending.count > 0 { onNews() }
    }
}

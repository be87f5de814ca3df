/// Files that are whole and wait to be read, each once, in the order in which they were found, and those that a round has
/// taken and may have to give back.
struct PendingFiles {
    /// What is found.
    enum Item: Hashable {
        /// A file, by its path below the folder.
        case file([UInt8])
        /// What cannot be read, and why.
        case unreadable([UInt8], reason: String)
    }

    /// How many wait at most; what is found beyond has to be looked for again.
    static let limit = 50_000

    private var queue: [Item] = []
    private var next = 0
    private var known: Set<Item> = []
    private var taken: [Item] = []
    private var takenItems: Set<Item> = []
    private(set) var since: ContinuousClock.Instant?

    /// How many wait.
    var count: Int { queue.count - next }

    /// Adds what was found; false when there is no room for it.
    mutating func add(_ item: Item) -> Bool {
        guard !known.contains(item) else { return true }
        guard count < Self.limit else { return false }
        known.insert(item)
        queue.append(item)
        if since == nil { since = .now }
        return true
    }

    /// The next one that this round has not had yet; nil when there is none.
    ///
    /// What came again while the round was at work waits for the next: two versions of a file are not read in one run.
    mutating func take() -> Item? {
        guard next < queue.count, !takenItems.contains(queue[next]) else { return nil }
        let item = queue[next]
        next += 1
        known.remove(item)
        taken.append(item)
        takenItems.insert(item)
        if next == queue.count {
            queue.removeAll()
            known = []
            next = 0
            since = nil
        } else if next > 4096 {
            queue.removeFirst(next)
            next = 0
        }
        return item
    }

    /// Ends a round; what it has taken comes again where it was not committed.
    mutating func endRound(isCommitted: Bool) {
        let again = isCommitted ? [] : taken.filter { !known.contains($0) }
        taken.removeAll()
        takenItems.removeAll()
        // What waits still came while the round was at work.
        if isCommitted, since != nil { since = .now }
        guard !again.isEmpty else { return }
        queue.replaceSubrange(..<next, with: again)
        next = 0
        known.formUnion(again)
        if since == nil { since = .now }
    }
}

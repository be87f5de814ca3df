import Dispatch
import MHPipeKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files below a folder.
///
/// Links to files are followed, links to folders are not, so a walk ends in any tree. Files come in the order of their
/// paths below the folder, byte by byte, whatever the file system or the language of the system.
package struct DirectoryWalk: Sendable {
    /// The files that are read.
    package private(set) var files: FileList
    /// The files that are not.
    package private(set) var unread = UnreadFiles()
    /// Everything that was come by but folders that can be listed, and links to folders.
    ///
    /// Counted where folders are listed, so that it can be held against what became of each file.
    package private(set) var seen = 0
    /// What is to be read and no regular file, and folders that cannot be listed.
    package private(set) var unreadable: [(path: FilePath, reason: String)] = []
    /// Links to folders, which were not followed.
    package private(set) var folderLinks: [FilePath] = []
    /// What ended the walk before it had been everywhere.
    private var fault: InputFailure?

    /// What stands at a place of the tree.
    private enum Finding: Sendable {
        case folder
        case folderLink
        case file(size: Int, identity: FileIdentity, mayRepeat: Bool)
        case unread(FileStatus.Kind, isOther: Bool)
        case unreadable(reason: String)

        var isSeen: Bool {
            switch self {
            case .folder, .folderLink: false
            case .file, .unread, .unreadable: true
            }
        }
    }

    private struct Place: Sendable {
        /// The path below the root; that of a folder ends with a slash.
        ///
        /// With the slash, a folder sorts where the paths below it do: `a.json` stands before `a/b.json`.
        let path: [UInt8]
        let finding: Finding

        var isFolder: Bool {
            if case .folder = finding { true } else { false }
        }
    }

    /// A tree, and what is wanted of it.
    private struct Tree: Sendable {
        /// With a slash at its end.
        let root: [UInt8]
        let choice: @Sendable ([UInt8]) -> FileChoice
        let skipped: @Sendable ([UInt8]) -> Bool
        let seen = Counter()
    }

    private final class Counter: Sendable {
        let count = Atomic(0)

        func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }
    }

    /// The walk goes down from the root until it has as many branches as this, to have work for all cores.
    private static let branches = 16
    /// AWSLogs, the organization, the account, CloudTrail, the region, the year.
    private static let levels = 6

    private init(of tree: Tree) {
        files = FileList(root: tree.root)
    }

    /// Walks through a tree, some of its branches at the same time.
    ///
    /// - Parameters:
    ///   - root: The folder, or a link to it.
    ///   - choice: Tells what becomes of a file, by its path below the root, with `/` between names; called on any
    ///     thread.
    ///   - skipped: Tells whether a folder is passed over with all that is below it, likewise.
    /// - Throws: `InputFailure` when the root cannot be listed, and for what is the machine's fault anywhere below it.
    package init(
        _ root: FilePath,
        choice: @escaping @Sendable ([UInt8]) -> FileChoice,
        skipped: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
    ) throws(InputFailure) {
        let bytes = root.bytes
        let tree = Tree(root: bytes + (bytes.last == slash ? [] : [slash]), choice: choice, skipped: skipped)
        self.init(of: tree)
        var places = try Self.list([], of: tree)
        for _ in 0..<Self.levels where places.count(where: \.isFolder) < Self.branches {
            places = places.flatMap { Self.opened($0, of: tree) }
        }
        let stretches = Self.stretches(of: places)
        let walks = Mutex(stretches.map { _ in DirectoryWalk(of: tree) })
        DispatchQueue.concurrentPerform(iterations: stretches.count) { number in
            var walk = DirectoryWalk(of: tree)
            walk.visit(stretches[number], of: tree)
            walks.withLock { $0[number] = walk }
        }
        for walk in walks.withLock({ $0 }) {
            if let fault = walk.fault { throw fault }
            append(walk)
        }
        files.trim()
        seen += tree.seen.count.load(ordering: .relaxed)
    }

    /// Cuts a list into stretches of about the same length.
    private static func stretches(of places: [Place]) -> [[Place]] {
        let length = max(1, places.count / (2 * branches))
        return stride(from: 0, to: places.count, by: length).map { Array(places[$0...].prefix(length)) }
    }

    /// What stands in a folder; the place itself where that cannot be told, or is not wanted.
    private static func opened(_ place: Place, of tree: Tree) -> [Place] {
        guard place.isFolder, !tree.skipped(place.path.dropLast()) else { return [place] }
        return (try? list(place.path, of: tree)) ?? [place]
    }

    /// Walks through what stands at some places, in their order.
    private mutating func visit(_ places: [Place], of tree: Tree) {
        var rest = Array(places.reversed())
        while let place = rest.popLast() {
            var path: FilePath { FilePath(bytes: tree.root + place.path) }
            switch place.finding {
            case .folder:
                guard !tree.skipped(place.path.dropLast()) else { continue }
                do {
                    rest += try Self.list(place.path, of: tree).reversed()
                } catch {
                    if error.isMachineFault {
                        fault = error
                        return
                    }
                    seen += 1
                    unreadable.append((path, error.reason))
                }
            case .folderLink: folderLinks.append(path)
            case .file(let size, let identity, let mayRepeat):
                files.append(place.path, size: size, identity: identity, mayRepeat: mayRepeat)
            case .unread(let kind, let isOther): unread.append(place.path, kind: kind, isOther: isOther)
            case .unreadable(let reason): unreadable.append((path, reason))
            }
        }
    }

    /// Takes over what another walk found behind this one.
    private mutating func append(_ walk: DirectoryWalk) {
        files.append(walk.files)
        unread.append(walk.unread)
        seen += walk.seen
        unreadable += walk.unreadable
        folderLinks += walk.folderLinks
    }

    /// What stands in a folder, in the order of the paths.
    private static func list(_ folder: [UInt8], of tree: Tree) throws(InputFailure) -> [Place] {
        let stream = try FolderStream(FilePath(bytes: tree.root + folder))
        var places: [Place] = []
        while let entry = try stream.next() {
            var path = folder + entry.name
            let finding = try find(entry, in: stream) { tree.choice(path) }
            if case .folder = finding { path.append(slash) }
            places.append(Place(path: path, finding: finding))
        }
        tree.seen.add(places.count { $0.finding.isSeen })
        return places.sorted { $0.path.precedes($1.path, from: folder.count) }
    }

    private static func find(
        _ entry: FolderStream.Entry,
        in stream: FolderStream,
        choice: () -> FileChoice
    ) throws(InputFailure) -> Finding {
        var kind = entry.kind
        if kind == .folder { return .folder }
        let choice = choice()
        do throws(InputFailure) {
            if kind == nil { kind = try stream.status(of: entry, followsLinks: false).kind }
            if kind == .folder { return .folder }
            guard choice == .read || kind == .link else { return .unread(kind ?? .file, isOther: choice == .other) }
            let status = try stream.status(of: entry, followsLinks: true)
            if status.kind == .folder { return .folderLink }
            guard choice == .read else { return .unread(status.kind, isOther: choice == .other) }
            guard status.kind == .file else { return .unreadable(reason: "it is \(status.kind.name), not a file") }
            let mayRepeat = kind == .link || status.hasOtherNames
            return .file(size: status.size, identity: status.identity, mayRepeat: mayRepeat)
        } catch {
            if error.isMachineFault { throw error }
            guard choice == .read else { return .unread(kind ?? .link, isOther: choice == .other) }
            return .unreadable(reason: error.reason)
        }
    }
}

extension [UInt8] {
    /// Compares byte by byte, from where the two differ at the earliest.
    fileprivate func precedes(_ other: [UInt8], from start: Int) -> Bool {
        let length = Swift.min(count, other.count) - start
        let order = withUnsafeBytes { own in
            other.withUnsafeBytes { other in
                guard let own = own.baseAddress, let other = other.baseAddress else { return Int32(0) }
                return memcmp(own + start, other + start, length)
            }
        }
        return order == 0 ? count < other.count : order < 0
    }
}

private let slash = UInt8(ascii: "/")

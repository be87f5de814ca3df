import Dispatch
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
    /// The files that are wanted.
    package private(set) var files: FileList
    /// How many other files there are.
    package private(set) var otherFiles = 0
    /// What is wanted and no regular file, and folders that cannot be listed.
    package private(set) var unreadable: [(path: FilePath, reason: String)] = []
    /// Links to folders, which were not followed.
    package private(set) var folderLinks: [FilePath] = []

    /// What stands at a place of the tree.
    private enum Finding: Sendable {
        case folder
        case folderLink
        case file(size: Int)
        case otherFile
        case unreadable(reason: String)
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
        let wanted: @Sendable ([UInt8]) -> Bool
        let skipped: @Sendable ([UInt8]) -> Bool
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
    ///   - wanted: Tells whether a file is wanted, by its path below the root, with `/` between names; called on any
    ///     thread.
    ///   - skipped: Tells whether a folder is passed over with all that is below it, likewise.
    /// - Throws: `InputFailure` when the root cannot be listed.
    package init(
        _ root: String,
        wanted: @escaping @Sendable ([UInt8]) -> Bool,
        skipped: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
    ) throws(InputFailure) {
        let root = Array(root.utf8) + (root.hasSuffix("/") ? [] : [slash])
        let tree = Tree(root: root, wanted: wanted, skipped: skipped)
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
        for walk in walks.withLock({ $0 }) { append(walk) }
        files.trim()
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
                    unreadable.append((path, error.reason))
                }
            case .folderLink: folderLinks.append(path)
            case .file(let size): files.append(place.path, size: size)
            case .otherFile: otherFiles += 1
            case .unreadable(let reason): unreadable.append((path, reason))
            }
        }
    }

    /// Takes over what another walk found behind this one.
    private mutating func append(_ walk: DirectoryWalk) {
        files.append(walk.files)
        otherFiles += walk.otherFiles
        unreadable += walk.unreadable
        folderLinks += walk.folderLinks
    }

    /// What stands in a folder, in the order of the paths.
    private static func list(_ folder: [UInt8], of tree: Tree) throws(InputFailure) -> [Place] {
        let stream = try FolderStream(FilePath(bytes: tree.root + folder))
        var places: [Place] = []
        while let entry = try stream.next() {
            var path = folder + entry.name
            let finding = find(entry, in: stream, isWanted: tree.wanted(path))
            if case .folder = finding { path.append(slash) }
            places.append(Place(path: path, finding: finding))
        }
        return places.sorted { $0.path.precedes($1.path, from: folder.count) }
    }

    private static func find(_ entry: FolderStream.Entry, in stream: FolderStream, isWanted: Bool) -> Finding {
        do throws(InputFailure) {
            var kind = entry.kind
            if kind == nil { kind = try stream.status(of: entry, followsLinks: false).kind }
            if kind == .folder { return .folder }
            guard isWanted || kind == .link else { return .otherFile }
            let status = try stream.status(of: entry, followsLinks: true)
            if status.kind == .folder { return .folderLink }
            guard isWanted else { return .otherFile }
            guard status.kind == .file else { return .unreadable(reason: "it is \(status.kind.name), not a file") }
            return .file(size: status.size)
        } catch {
            return isWanted ? .unreadable(reason: error.reason) : .otherFile
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

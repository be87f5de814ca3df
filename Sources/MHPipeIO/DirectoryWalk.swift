import Libc
package import MHPipeKit

/// The files below a folder, one after the other, found as they are asked for.
///
/// Links to files are followed, links to folders are not, so a walk ends in any tree. Files come in the order of their
/// paths below the folder, byte by byte, whatever the file system or the language of the system. In memory are the
/// folders that lead to the next file, of each no more than `mostNames` names.
package final class DirectoryWalk {
    /// What a walk comes by.
    package enum Step: Sendable {
        case file(File)
        /// What is to be read and no regular file, and folders that cannot be listed.
        case unreadable(path: FilePath, reason: String)
    }

    /// A file that is read.
    package struct File: Sendable {
        /// The root's path as it was given, and the path below it.
        package let path: FilePath
        package let status: FileStatus
        package let isLink: Bool
    }

    /// What stands under a name.
    private enum Finding {
        case folder
        case folderLink
        case file(FileStatus, isLink: Bool)
        case unread(FileStatus.Kind, FileChoice)
        case unreadable(reason: String)
    }

    /// A name in a folder.
    private struct Name {
        /// With a slash at its end where a folder stands, so that it sorts where the paths below it do: `a.json` stands before
        /// `a/b.json`.
        var bytes: [UInt8]
        /// What stands there; nil when the folder does not tell.
        let kind: FileStatus.Kind?

        func precedes(_ other: Name) -> Bool { bytes.precedes(other.bytes) }

        var isFolder: Bool { bytes.last == slash }
    }

    /// A folder that is open while the files in it are asked about, so that the system need not go all the way to each.
    private final class OpenFolder {
        let descriptor: FileDescriptor

        init?(_ path: FilePath) {
            guard let opened = path.open(O_RDONLY | O_DIRECTORY) else { return nil }
            descriptor = opened
        }
    }

    /// A folder on the way to the next file.
    private struct Folder {
        /// Below the root, with a slash at its end; empty for the root itself.
        let path: [UInt8]
        /// Nil until a file of it is asked about, and where it cannot be opened.
        var open: OpenFolder?
        /// The names whose turn has not come yet, the next one last.
        var names: [Name] = []
        /// True when there are more names behind these.
        var hasMore = false
        /// The last name that was listed.
        var last: Name?
    }

    /// The files that are not read.
    package private(set) var unread = UnreadFiles()
    /// The names that were listed, without folders that can be listed themselves.
    private var listed = 0
    /// How many links to folders there are, which are not followed.
    package private(set) var folderLinks = 0
    /// The first of them.
    package private(set) var firstFolderLink: FilePath?
    /// How many folders were not listed, since nothing below them is asked for.
    package private(set) var prunedFolders = 0
    /// True once the last file was handed out.
    package private(set) var isAtEnd = false

    /// With a slash at its end.
    private let root: [UInt8]
    private let choice: ([UInt8]) -> FileChoice
    private let folderChoice: ([UInt8]) -> FolderChoice
    private let mostNames: Int
    /// The folders of the way that are kept open at most.
    private static let mostOpen = 32
    private var way: [Folder] = []

    /// Begins a walk.
    ///
    /// - Parameters:
    ///   - root: The folder, or a link to it.
    ///   - mostNames: How many names of a folder are kept; one that has more is listed again for the others.
    ///   - choice: Tells what becomes of a file, by its path below the root, with `/` between names.
    ///   - folderChoice: Tells what becomes of a folder, likewise.
    /// - Throws: `InputFailure` when the root cannot be listed.
    package init(
        _ root: FilePath,
        mostNames: Int = 100_000,
        choice: @escaping ([UInt8]) -> FileChoice,
        folderChoice: @escaping ([UInt8]) -> FolderChoice = { _ in .list }
    ) throws(InputFailure) {
        let bytes = root.bytes
        self.root = bytes + (bytes.last == slash ? [] : [slash])
        self.choice = choice
        self.folderChoice = folderChoice
        self.mostNames = mostNames
        var folder = Folder(path: [])
        try list(&folder)
        way = [folder]
    }

    /// Everything that was come by but folders that can be listed, and links to folders.
    ///
    /// Counted where folders are listed, so that it can be held against what became of each file.
    package var seen: Int { listed - folderLinks }

    /// How many of them are still to be looked at.
    package var waiting: Int {
        way.reduce(0) { $0 + $1.names.count { !$0.isFolder } }
    }

    /// The next file, or what cannot be read; nil behind the last one.
    ///
    /// - Throws: `InputFailure` for what is the machine's fault.
    package func next() throws(InputFailure) -> Step? {
        while let place = way.indices.last {
            guard let name = way[place].names.popLast() else {
                guard way[place].hasMore else {
                    way.removeLast()
                    continue
                }
                do throws(InputFailure) {
                    try list(&way[place])
                } catch {
                    return try leaveFolder(way.removeLast().path, error)
                }
                continue
            }
            if let step = try step(way[place].path, name, place) { return step }
        }
        isAtEnd = true
        return nil
    }

    /// What a name of a folder gives, of which the place on the way is known; nil where the walk goes on.
    private func step(_ folder: [UInt8], _ name: Name, _ place: Int) throws(InputFailure) -> Step? {
        let below = folder + name.bytes
        if name.isFolder { return try enter(below) }
        let choice = choice(below)
        // Of what is not read the folder says enough, so that the system is not asked for each.
        if choice != .read, let kind = name.kind, kind != .link {
            unread.append(below, kind: kind, choice)
            return nil
        }
        let path = FilePath(bytes: root + below)
        // To open a folder is worth it for some files only. However deep a tree is, few of its folders are open.
        if way[place].open == nil, way[place].names.count > 2, place < Self.mostOpen {
            way[place].open = OpenFolder(FilePath(bytes: root + folder))
        }
        switch try find(path, in: way[place].open, below: root.count + folder.count, choice) {
        case .folder:
            // Listed as something else, and a folder by now.
            listed -= 1
            return try enter(below + [slash])
        case .folderLink:
            folderLinks += 1
            firstFolderLink = firstFolderLink ?? path
            return nil
        case .file(let status, let isLink):
            return .file(File(path: path, status: status, isLink: isLink))
        case .unread(let kind, let choice):
            unread.append(below, kind: kind, choice)
            return nil
        case .unreadable(let reason):
            return leave(below, reason)
        }
    }

    private func leave(_ below: [UInt8], _ reason: String) -> Step {
        .unreadable(path: FilePath(bytes: root + below), reason: reason)
    }

    /// Goes on with what is in a folder, whose path ends with a slash.
    private func enter(_ path: [UInt8]) throws(InputFailure) -> Step? {
        switch folderChoice(Array(path[..<(path.count - 1)])) {
        case .list: break
        case .leftOut: return nil
        case .pruned:
            prunedFolders += 1
            return nil
        }
        var folder = Folder(path: path)
        do throws(InputFailure) {
            try list(&folder)
            way.append(folder)
            return nil
        } catch {
            return try leaveFolder(path, error)
        }
    }

    /// Counts a folder that cannot be listed, unless that is no fault of the folder.
    private func leaveFolder(_ path: [UInt8], _ failure: InputFailure) throws(InputFailure) -> Step {
        if failure.isMachineFault { throw failure }
        listed += 1
        return leave(path, failure.reason)
    }

    /// Lists the next names of a folder, in the order of the paths.
    private func list(_ folder: inout Folder) throws(InputFailure) {
        let stream = try FolderStream(FilePath(bytes: root + folder.path))
        var names: [Name] = []
        folder.hasMore = false
        while let entry = try stream.next() {
            // A folder that vanishes meanwhile is found to be gone when its turn comes.
            let kind = entry.kind ?? (try? stream.status(of: entry, followsLinks: false).kind)
            var name = unsafe Name(bytes: Array(entry.name), kind: kind)
            if kind == .folder { name.bytes.append(slash) }
            if let last = folder.last, !last.precedes(name) { continue }
            names.append(name)
            guard names.count >= 2 * mostNames else { continue }
            folder.hasMore = true
            names.sort { $0.precedes($1) }
            names.removeLast(names.count - mostNames)
        }
        names.sort { $0.precedes($1) }
        if names.count > mostNames {
            folder.hasMore = true
            names.removeLast(names.count - mostNames)
        }
        folder.last = names.last ?? folder.last
        folder.names = names.reversed()
        listed += names.count { !$0.isFolder }
    }

    private func find(
        _ path: FilePath,
        in folder: OpenFolder?,
        below length: Int,
        _ choice: FileChoice
    ) throws(InputFailure) -> Finding {
        do throws(InputFailure) {
            let own =
                if let folder { try FileStatus(path, below: length, in: folder.descriptor) } else {
                    try FileStatus(path, followsLinks: false)
                }
            if own.kind == .folder { return .folder }
            let isLink = own.kind == .link
            guard choice == .read || isLink else { return .unread(own.kind, choice) }
            let status = isLink ? try FileStatus(path) : own
            if status.kind == .folder { return .folderLink }
            guard choice == .read else { return .unread(status.kind, choice) }
            guard status.kind == .file else { return .unreadable(reason: "it is \(status.kind.name), not a file") }
            return .file(status, isLink: isLink)
        } catch {
            if error.isMachineFault { throw error }
            guard choice == .read else { return .unread(.link, choice) }
            return .unreadable(reason: error.reason)
        }
    }
}

extension [UInt8] {
    /// Compares byte by byte.
    fileprivate func precedes(_ other: [UInt8]) -> Bool {
        let length = Swift.min(count, other.count)
        let order = unsafe withUnsafeBytes { own in
            unsafe other.withUnsafeBytes { other in
                guard let own = own.baseAddress, let other = other.baseAddress else { return Int32(0) }
                return unsafe memcmp(own, other, length)
            }
        }
        return order == 0 ? count < other.count : order < 0
    }
}

private let slash = UInt8(ascii: "/")

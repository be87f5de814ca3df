#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files below a folder.
///
/// Links to files are followed, links to folders are not, so a walk ends in any tree. Files come in the order of their
/// paths below the folder, byte by byte, whatever the file system or the language of the system.
package struct DirectoryWalk {
    /// A file that was found.
    package struct File: Sendable {
        /// The folder's path as it was given, and the path below it.
        package let path: FilePath
        /// The bytes in the file.
        package let size: Int
    }

    /// The files that are wanted.
    package private(set) var files: [File] = []
    /// How many other files there are.
    package private(set) var otherFiles = 0
    /// What is wanted and no regular file, and folders that cannot be listed.
    package private(set) var unreadable: [(path: FilePath, reason: String)] = []
    /// Links to folders, which were not followed.
    package private(set) var folderLinks: [FilePath] = []

    /// What stands at a place of the tree.
    private enum Finding {
        case folder
        case folderLink
        case file(size: Int)
        case otherFile
        case unreadable(reason: String)
    }

    private struct Place {
        /// The path below the root; that of a folder ends with a slash.
        ///
        /// With the slash, a folder sorts where the paths below it do: `a.json` stands before `a/b.json`.
        let path: [UInt8]
        let finding: Finding
    }

    /// Walks through a tree.
    ///
    /// - Parameters:
    ///   - root: The folder, or a link to it.
    ///   - wanted: Tells whether a file is wanted, by its path below the root, with `/` between names.
    ///   - skipped: Tells whether a folder is passed over with all that is below it, likewise.
    /// - Throws: `InputFailure` when the root cannot be listed.
    package init(
        _ root: String,
        wanted: ([UInt8]) -> Bool,
        skipped: ([UInt8]) -> Bool = { _ in false }
    ) throws(InputFailure) {
        let root = Array(root.utf8) + (root.hasSuffix("/") ? [] : [slash])
        var places: [Place] = []
        try Self.list(root, [], onto: &places, wanted)
        while let place = places.popLast() {
            let path = FilePath(bytes: root + place.path)
            switch place.finding {
            case .folder:
                guard !skipped(place.path.dropLast()) else { continue }
                do {
                    try Self.list(root, place.path, onto: &places, wanted)
                } catch {
                    unreadable.append((path, error.reason))
                }
            case .folderLink: folderLinks.append(path)
            case .file(let size): files.append(File(path: path, size: size))
            case .otherFile: otherFiles += 1
            case .unreadable(let reason): unreadable.append((path, reason))
            }
        }
    }

    /// Puts what stands in a folder on a stack, the first on top.
    private static func list(
        _ root: [UInt8],
        _ folder: [UInt8],
        onto places: inout [Place],
        _ wanted: ([UInt8]) -> Bool
    ) throws(InputFailure) {
        let stream = try FolderStream(FilePath(bytes: root + folder))
        let start = places.count
        defer { places[start...].sort { $1.path.precedes($0.path) } }
        while let entry = try stream.next() {
            var path = folder + entry.name
            let finding = find(entry, in: stream, isWanted: wanted(path))
            if case .folder = finding { path.append(slash) }
            places.append(Place(path: path, finding: finding))
        }
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
    /// Compares byte by byte; `lexicographicallyPrecedes` takes several times as long on paths that begin alike.
    fileprivate func precedes(_ other: [UInt8]) -> Bool {
        let order = memcmp(self, other, Swift.min(count, other.count))
        return order == 0 ? count < other.count : order < 0
    }
}

private let slash = UInt8(ascii: "/")

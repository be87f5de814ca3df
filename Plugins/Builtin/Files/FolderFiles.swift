import MHPipeIO
import MHPipeKit

/// The files below a folder, found as they are pulled.
final class FolderFiles: FileListing {
    private let walk: DirectoryWalk
    private let root: FilePath
    private let folder: ResolvedFolder
    private let selection: FileSelection
    private let matches: PatternMatches
    private let warn: @Sendable (String) -> Void
    private var files = 0
    private var bytes = 0

    init(
        _ walk: DirectoryWalk,
        root: FilePath,
        selection: FileSelection,
        matches: PatternMatches,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.walk = walk
        self.root = root
        folder = ResolvedFolder(root)
        self.selection = selection
        self.matches = matches
        self.warn = warn
    }

    /// Known behind the last file only, since nothing is listed before its turn.
    var total: UnitTotal? { walk.isAtEnd ? UnitTotal(units: files, bytes: bytes) : nil }

    func next() throws -> NextUnit {
        guard !walk.isAtEnd else { return .end }
        let step: DirectoryWalk.Step?
        do {
            step = try walk.next()
        } catch {
            throw StageError(machineFault: error) ?? StageError("cannot walk '\(root.text)': \(error.reason)")
        }
        switch step {
        case .file(let file):
            files += 1
            bytes += file.status.size
            return .unit(FileUnit(file.path, file.status, isLink: file.isLink, in: folder))
        case .unreadable(let path, let reason):
            return .unreadable(UnreadableInput(name: path.text, reason: reason))
        case nil:
            let warnings = FolderWarnings(walk: walk, files: files, root: root, selection: selection, matches: matches)
            warnings.texts.forEach(warn)
            return .end
        }
    }

    var tally: InputTally {
        InputTally(seen: walk.seen, leftOut: walk.unread.leftOut, others: walk.unread.others, waiting: walk.waiting)
    }

    func name(of file: FileReference) -> String? {
        guard let below = file.resolvedPath().flatMap(folder.below) else { return nil }
        guard selection.choice(of: below, noting: PatternMatches()) == .read else { return nil }
        let folders = below.indices.filter { below[$0] == UInt8(ascii: "/") }
        guard !folders.contains(where: { selection.skips(Array(below[..<$0])) }) else { return nil }
        return folder.path(below).text
    }
}

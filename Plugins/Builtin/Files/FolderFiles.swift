import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// The files below a folder, found as they are pulled.
final class FolderFiles: FileListing {
    private let walk: DirectoryWalk
    private let root: FilePath
    private let folder: ResolvedFolder
    private let choices: FolderChoices
    private let integrity: TrailIntegrity?
    /// Knows the addresses of files, where they are held against digest files.
    private let copy: FolderStore?
    /// Files that should be there, whose turn has not come yet.
    private var missing: ArraySlice<UnreadableInput>
    private let warn: @Sendable (String) -> Void
    private var files = 0
    private var bytes = 0

    /// - Throws: `InputFailure` when the folder cannot be listed.
    init(
        _ root: FilePath,
        _ selection: FileSelection,
        _ verified: (copy: FolderStore, integrity: TrailIntegrity)? = nil,
        warn: @escaping @Sendable (String) -> Void
    ) throws(InputFailure) {
        self.root = root
        (copy, integrity) = (verified?.copy, verified?.integrity)
        missing = (integrity?.missing ?? [])[...]
        self.warn = warn
        folder = ResolvedFolder(root)
        let choices = FolderChoices(selection, keyPrefix: folder.keyPrefix)
        self.choices = choices
        walk = try DirectoryWalk(
            root,
            choice: { choices.choice(of: $0) },
            folderChoice: { choices.folderChoice(of: $0) }
        )
    }

    /// Known behind the last file only, since nothing is listed before its turn.
    var total: UnitTotal? { walk.isAtEnd ? UnitTotal(units: files, bytes: bytes) : nil }

    func next() throws -> NextUnit {
        if let absent = missing.popFirst() { return .unreadable(absent) }
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
            let unit = FileUnit(file.path, file.status, isLink: file.isLink, in: folder)
            guard let integrity else { return .unit(unit) }
            return .unit(CheckedUnit(unit, copy?.address(below: folder.below(given: file.path)), integrity))
        case .unreadable(let path, let reason):
            return .unreadable(UnreadableInput(name: path.text, reason: reason))
        case nil:
            let warnings = FolderWarnings(walk: walk, files: files, root: root, choices: choices)
            warnings.texts.forEach(warn)
            return .end
        }
    }

    var tally: InputTally {
        InputTally(
            seen: walk.seen + (integrity?.missing.count ?? 0),
            leftOut: walk.unread.leftOut,
            others: walk.unread.others,
            pruned: walk.unread.pruned,
            prunedFolders: walk.prunedFolders,
            waiting: walk.waiting + missing.count
        )
    }

    var keySighting: SelectionSighting { choices.keySighting }

    func name(of file: FileReference) -> String? {
        guard let below = file.resolvedPath().flatMap(folder.below) else { return nil }
        return choices.gives(below) ? folder.path(below).text : nil
    }
}

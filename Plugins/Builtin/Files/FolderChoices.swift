import MHPipeIO
import MHPipeKit

/// What becomes of the files and folders of a walk, and what was noted on the way.
final class FolderChoices {
    let selection: FileSelection
    /// Which patterns of `include` have matched something.
    let matches = PatternMatches()
    private let keyPrefix: [UInt8]
    /// The keys that were left out.
    private(set) var keySighting = SelectionSighting()

    /// - Parameters:
    ///   - selection: What is to be read.
    ///   - keyPrefix: What stands before the paths where they are keys.
    init(_ selection: FileSelection, keyPrefix: [UInt8]) {
        self.selection = selection
        self.keyPrefix = keyPrefix
    }

    /// What becomes of a file, by its path below the folder.
    func choice(of path: [UInt8]) -> FileChoice {
        let choice = selection.choice(of: path, noting: matches)
        guard choice == .read, selection.events != nil else { return choice }
        return isPruned(CloudTrailKey(file: keyPrefix + path)) ? .pruned : .read
    }

    /// What becomes of a folder, likewise.
    func folderChoice(of path: [UInt8]) -> FolderChoice {
        if selection.skips(path) { return .leftOut }
        guard selection.events != nil else { return .list }
        return isPruned(CloudTrailKey(folder: keyPrefix + path)) ? .pruned : .list
    }

    private func isPruned(_ key: CloudTrailKey?) -> Bool {
        guard let pruned = selection.pruned(key) else { return false }
        keySighting.note(pruned.key, excludedBy: pruned.by)
        return true
    }

    /// True for a file that the walk gives, before or after the present one.
    func gives(_ path: [UInt8]) -> Bool {
        guard selection.choice(of: path, noting: PatternMatches()) == .read,
            selection.pruned(CloudTrailKey(file: keyPrefix + path)) == nil
        else { return false }
        let folders = path.indices.filter { path[$0] == UInt8(ascii: "/") }.map { Array(path[..<$0]) }
        return !folders.contains {
            selection.skips($0) || selection.pruned(CloudTrailKey(folder: keyPrefix + $0)) != nil
        }
    }
}

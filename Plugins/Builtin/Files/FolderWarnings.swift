import MHPipeKit
import MHPipeIO

/// What there is to say about what a walk through a folder found, and did not choose.
struct FolderWarnings {
    let walk: DirectoryWalk
    /// How many files it gave.
    let files: Int
    let root: FilePath
    let choices: FolderChoices

    private var selection: FileSelection { choices.selection }
    /// True when files were not looked for or at, so that nobody can tell what there is.
    private var isPruned: Bool { walk.unread.pruned + walk.prunedFolders > 0 }

    /// The warnings.
    var texts: [String] {
        [folderLinks, specials, nothingToRead ?? unmatchedPatterns, overlooked].compactMap { $0 }
    }

    private var folderLinks: String? {
        guard let first = walk.firstFolderLink?.text else { return nil }
        let count = walk.folderLinks
        return count == 1
            ? "'\(first)' is a link to a folder and is not followed"
            : "\(count) links to folders are not followed; the first is '\(first)'"
    }

    private var specials: String? {
        guard let first = walk.unread.firstSpecial else { return nil }
        let count = walk.unread.specials
        let what = "'\(shown(first.path))' is \(first.kind.name)"
        return count == 1
            ? "\(what), not a file, and is skipped" : "\(count) are no files and are skipped: \(what), ..."
    }

    private var nothingToRead: String? {
        // Why a selection has left nothing, the run says, which knows the events as well.
        guard files == 0, !isPruned else { return nil }
        let unread = walk.unread.leftOut + walk.unread.others
        guard unread > 0 else { return "nothing to read: there is no file in '\(root.text)'" }
        let asked =
            selection.include.map {
                "matches \(Self.list($0))" + (selection.exclude.isEmpty ? "" : " and not 'exclude'")
            }
            ?? "ends in \(LogName.text)"
        return "nothing to read: no file in '\(root.text)' \(asked); \(Self.count(unread, "other file")) seen there, "
            + "by their endings: \(walk.unread.endings.text())"
    }

    private var unmatchedPatterns: String? {
        let unmatched = choices.matches.unmatched(of: selection.include ?? [])
        guard !unmatched.isEmpty, !isPruned else { return nil }
        return "no file in '\(root.text)' matches \(Self.list(unmatched)), of 'include'"
    }

    /// Logs by what is in them, but not by their names.
    private var overlooked: String? {
        let samples = walk.unread.samples
        let found = samples.filter { FirstLook.mayHoldRecords(root.appending($0)) }
        guard !found.isEmpty else { return nil }
        let names = found.prefix(3).map(shown).joined(separator: ", ") + (found.count > 3 ? ", ..." : "")
        let others = walk.unread.others - walk.unread.specials
        let looked = samples.count == others ? "" : " (only \(samples.count) of \(others) were looked at)"
        return "\(Self.count(found.count, "other file")) not read (\(names)): `include` chooses; "
            + "gzip or JSON by the first bytes, and read when named one by one\(looked)"
    }

    private static func list(_ patterns: [Glob]) -> String {
        patterns.map(\.text).joined(separator: ", ")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func shown(_ path: [UInt8]) -> String { FilePath(bytes: path).text }
}

import MHPipeAWS
import MHPipeKit

/// Which folders of a bucket are listed, and how, by the layout in which CloudTrail delivers.
///
/// Where nothing is known of the layout, folders are opened some levels deep, and what is below them is listed whole.
final class S3Plan: Sendable {
    private let selection: EventSelection?
    /// The kind of files that the root itself names, which is read whatever it is.
    private let namedKind: String?
    private let takesOthers: Bool
    private let seen = Locked(SelectionSighting())

    /// So many levels are opened of what is no layout of CloudTrail.
    private static let unknownLevels = 3
    private static let day = Duration.seconds(86_400)
    private static let month = day * 31

    /// - Parameters:
    ///   - selection: What is asked for.
    ///   - root: The prefix that everything is below.
    ///   - takesOthers: True to list what others than CloudTrail deliver as well.
    init(_ selection: EventSelection?, below root: String, takesOthers: Bool = false) {
        self.selection = selection
        self.takesOthers = takesOthers
        namedKind = TrailFolder(root)?.kind.map(String.init)
    }

    /// What was left out by keys.
    var sighting: SelectionSighting { seen.withLock { $0 } }

    /// What becomes of a folder.
    ///
    /// - Parameters:
    ///   - folder: Its prefix, with the slash at its end.
    ///   - depth: How many folders above it were listed.
    /// - Returns: How it is listed, if at all.
    func choice(of folder: String, depth: Int) -> S3Listing.FolderChoice {
        guard let layout = TrailFolder(folder) else { return depth < Self.unknownLevels ? .byFolder : .whole }
        guard let account = layout.account, !isLeftOut(account) else {
            return layout.account == nil ? .byFolder : .none
        }
        guard let kind = layout.kind else { return .byFolder }
        guard TrailFolder.isOfLogs(kind) || kind == namedKind ?? "" else { return takesOthers ? .whole : .none }
        guard let key = CloudTrailKey(folder: Array(folder.utf8)) else { return .whole }
        if isPruned(key) { return .none }
        guard let delivered = key.delivered else { return .byFolder }
        let length = delivered.upperBound.duration(since: delivered.lowerBound)
        if length <= Self.day { return .whole }
        // One request for each day costs more than the pages of a month.
        return length <= Self.month && selection?.takesAllTimes(of: key) != false ? .whole : .byFolder
    }

    /// True for a key of which nothing is asked for.
    func isPruned(_ key: CloudTrailKey?) -> Bool {
        guard let key, let field = selection?.excluding(key) else { return false }
        seen.withLock { $0.note(key, excludedBy: field) }
        return true
    }

    /// True for an account that is not asked for; ids that are no 12 digits say nothing of those in records.
    private func isLeftOut(_ account: Substring) -> Bool {
        guard let selection, !selection.opensAll, let accounts = selection.accounts, account.utf8.count == 12,
            account.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
            !accounts.contains(String(account))
        else { return false }
        seen.withLock { $0.note(account: String(account)) }
        return true
    }

    /// False for a file that stands where CloudTrail's digests do, or what other services deliver.
    static func isTrail(_ key: String) -> Bool {
        let folder = key.lastIndex(of: "/").map { key[..<$0] } ?? ""
        return TrailFolder(String(folder))?.kind.map(TrailFolder.isOfLogs) ?? true
    }
}

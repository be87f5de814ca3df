import MHPipeAWS
import MHPipeKit

/// Which folders of a bucket are listed, and how, by the layout in which CloudTrail delivers.
///
/// Where nothing is known of the layout, folders are opened some levels deep, and what is below them is listed whole.
final class S3Plan: Sendable {
    private let selection: EventSelection?
    private let seen = Locked(SelectionSighting())

    /// So many levels are opened of what is no layout of CloudTrail.
    private static let unknownLevels = 3
    /// No folder of a month is longer.
    private static let month = Duration.seconds(31 * 86_400)
    private static let day = Duration.seconds(86_400)

    init(_ selection: EventSelection?) {
        self.selection = selection
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
        let parts = folder.split(separator: "/")
        guard let root = parts.lastIndex(of: "AWSLogs") else {
            return depth < Self.unknownLevels ? .byFolder : .whole
        }
        var below = parts[(root + 1)...]
        if below.first?.hasPrefix("o-") == true { below = below.dropFirst() }
        guard let account = below.first else { return .byFolder }
        guard let kind = below.dropFirst().first else {
            // Ids that are no 12 digits say nothing of those in records.
            guard let accounts = selection?.accounts, account.utf8.count == 12, account.allSatisfy(\.isNumber),
                !accounts.contains(String(account))
            else { return .byFolder }
            seen.withLock { $0.note(account: String(account)) }
            return .none
        }
        // A folder that the user names by itself is read, whatever it holds.
        guard kind == "CloudTrail" || kind.hasPrefix("CloudTrail-") && kind != "CloudTrail-Digest" || depth == 0 else {
            return .none
        }
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
}

import MHPipeAWS
import MHPipeKit

/// Which folders of a bucket are listed for a verification, and how, by the layout in which CloudTrail delivers.
struct TrailPlan: Sendable {
    private let files: TrailFiles
    private let selection: TrailSelection

    /// So many levels are opened of what is no layout of CloudTrail.
    private static let unknownLevels = 3
    private static let day = Duration.seconds(86_400)
    private static let month = day * 31

    init(_ files: TrailFiles, _ selection: TrailSelection) {
        self.files = files
        self.selection = selection
    }

    /// What becomes of a folder.
    ///
    /// - Parameters:
    ///   - folder: Its prefix, with the slash at its end.
    ///   - depth: How many folders above it were listed.
    /// - Returns: How it is listed, if at all.
    func choice(of folder: String, depth: Int) -> S3Listing.FolderChoice {
        guard let layout = TrailFolder(folder) else { return depth < Self.unknownLevels ? .byFolder : .whole }
        guard let account = layout.account else { return .byFolder }
        if let accounts = selection.accounts, !accounts.contains(String(account)) { return .none }
        guard let kind = layout.kind else { return .byFolder }
        let isOfDigests = kind == TrailFolder.digests
        guard isOfDigests || files == .all && TrailFolder.isOfLogs(kind) else { return .none }
        guard let key = CloudTrailKey(folder: Array(folder.utf8)) else { return .whole }
        guard let region = key.region else { return .byFolder }
        if let regions = selection.regions, !regions.contains(region) { return .none }
        guard let delivered = key.delivered else {
            return isOfDigests && selection.since == nil && selection.until == nil ? .whole : .byFolder
        }
        // A chain that has digest files of other times only is still known of by them, where they are not far away.
        let margin = isOfDigests ? Self.month : Self.day
        guard isAsked(delivered, margin) else { return .none }
        let length = delivered.upperBound.duration(since: delivered.lowerBound)
        return length <= Self.day || length <= Self.month && (isOfDigests || isInside(delivered)) ? .whole : .byFolder
    }

    private func isAsked(_ time: Range<Timestamp>, _ margin: Duration) -> Bool {
        selection.since.map { time.upperBound.advanced(by: margin) > $0 } ?? true
            && selection.until.map { time.lowerBound < $0.advanced(by: margin) } ?? true
    }

    private func isInside(_ time: Range<Timestamp>) -> Bool {
        selection.since.map { time.lowerBound >= $0 } ?? true && selection.until.map { time.upperBound <= $0 } ?? true
    }
}

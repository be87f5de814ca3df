import MHPipeDigests
import MHPipeKit

/// What is found of a trail, in lines for people; those of files are as `aws cloudtrail validate-logs` writes them.
struct TrailText {
    /// True to write a line for what is valid as well.
    let isVerbose: Bool
    /// Where the trail is.
    let store: any TrailStore

    /// The line for a finding; nil where there is nothing to say.
    func line(_ finding: TrailFinding) -> String? {
        switch finding {
        case .chain: nil
        case .digest(let digest):
            line((digest.isBackfill ? "(backfill) " : "") + "Digest file", digest.object, digest.verdict)
        case .log(let log): line("Log file", log.object, log.verdict)
        case .unlisted(let object, let isAfterLastDigest):
            line(
                "Log file",
                object,
                .unverified(.unlisted, isAfterLastDigest ? "it was delivered behind the last digest file" : nil)
            )
        case .folder(let folder):
            "Folder\t\(folder.folder)\tNOT VERIFIED: \(folder.reason)".visibleFields
        case .gap(let gap) where gap.start == gap.end:
            "Restart\t\(gap.chain.shown)\t\(gap.start): the chain of digest files begins anew, and nothing lies between"
                .visibleFields
        case .gap(let gap): "Gap\t\(gap.chain.shown)\t\(gap.start) to \(gap.end): \(gap.reason.words)".visibleFields
        }
    }

    private func line(_ kind: String, _ object: ObjectAddress, _ verdict: Verdict) -> String? {
        guard isVerbose || verdict.isWorthALine else { return nil }
        let words = ([verdict.flaw?.rawValue, verdict.detail] as [String?]).compactMap(\.self).joined(separator: "; ")
        let outcome =
            switch verdict.outcome {
            case .valid: "valid"
            case .invalid: "INVALID: \(words)"
            case .unverified: "NOT VERIFIED: \(words)"
            }
        return "\(kind)\t\(store.shown(object))\t\(outcome)".visibleFields
    }

    /// The lines at the end.
    func summary(_ totals: TrailTotals) -> [String] {
        var lines: [String] = []
        if let found = totals.found {
            lines.append("Valid digest files from \(found.lowerBound) to \(found.upperBound)")
        }
        let counts = [("digest", totals.digests), ("backfill digest", totals.backfillDigests), ("log", totals.logs)]
        for (name, count) in counts where count.all > 0 {
            let all = Readable.count(count.all)
            let others = [("INVALID", count.invalid), ("not verified", count.unverified)].filter { $0.1 > 0 }
                .map { ", \(Readable.count($0.1))/\(all) \(name) files \($0.0)" }
            lines.append("\(Readable.count(count.valid))/\(all) \(name) files valid" + others.joined())
        }
        if totals.unlisted > 0 {
            lines.append("\(Readable.count(totals.unlisted, "log file")) that no digest file lists")
        }
        if totals.unlistedFolders > 0 {
            lines.append("\(Readable.count(totals.unlistedFolders, "folder")) that could not be listed")
        }
        if !totals.absent.isEmpty {
            lines.append("NOT VERIFIED: there is no digest file of \(totals.absent.joined(separator: ", "))".visible)
        }
        for (_, reason) in totals.keylessRegions.sorted(by: { $0.key < $1.key }) {
            lines.append("NOT VERIFIED: \(reason)".visible)
        }
        if totals.gaps > 0 { lines.append("\(Readable.count(totals.gaps, "gap")) of which no digest file tells") }
        return lines
    }
}

extension Verdict {
    /// False where the summary says it once for all.
    fileprivate var isWorthALine: Bool { outcome != .valid && flaw != .noPublicKeys && flaw != .digest }
}

extension ChainName {
    /// What the digest files are about, in words.
    var shown: String {
        let home = homeRegion == region ? "" : " of \(homeRegion)"
        return (organization.map { $0 + " " } ?? "") + "\(account) \(region) trail \(trail)\(home)"
    }
}

extension TrailGap.Reason {
    fileprivate var words: String {
        switch self {
        case .restart: "the chain of digest files begins anew behind it; what was delivered in it cannot be verified"
        case .missing: "the digest files of it are not there; what was delivered in it cannot be verified"
        case .between: "no digest file is about it; what was delivered in it cannot be verified"
        case .before: "it lies before the first digest file"
        case .behind: "it lies behind the last digest file"
        }
    }
}

extension String {
    /// As `visible`, but for the tabs between the fields.
    fileprivate var visibleFields: String {
        split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visible }.joined(separator: "\t")
    }
}

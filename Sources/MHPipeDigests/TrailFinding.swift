package import MHPipeKit

/// What a verification tells, one after the other.
package enum TrailFinding: Sendable {
    /// The files of another chain begin.
    case chain(ChainName)
    case digest(DigestFinding)
    case log(LogFinding)
    case gap(TrailGap)
    /// A log file that no digest file lists; the last of them may be older than it.
    case unlisted(ObjectAddress, isAfterLastDigest: Bool)
    /// A folder of which nobody can tell what is in it.
    case folder(UnlistedFolder)
}

/// What was found of a digest file.
package struct DigestFinding: Sendable {
    package let object: ObjectAddress
    package let isBackfill: Bool
    /// The time that it is about; nil when it cannot be read.
    package let start: Timestamp?
    package let end: Timestamp?
    /// The log files that it lists.
    package let logs: Int
    package let verdict: Verdict
}

/// What was found of a log file that a digest file lists.
package struct LogFinding: Sendable {
    package let object: ObjectAddress
    /// The digest file.
    package let digest: ObjectAddress
    package let verdict: Verdict
}

/// A time that no digest file of a chain is about.
package struct TrailGap: Sendable, Hashable {
    /// Why nothing is known of it.
    package enum Reason: String, Sendable {
        /// A chain begins anew behind it: the trail, or its digests, had been switched off.
        case restart
        /// The digest files are not there, although a later one names the last of them.
        case missing
        /// The digest file behind it names the one before it, and there is a time between them.
        case between
        /// It lies before the first digest file, and was asked for.
        case before
        /// It lies behind the last digest file, and was asked for.
        case behind
    }

    package let chain: ChainName
    package let start: Timestamp
    package let end: Timestamp
    package let reason: Reason
}

/// What a verification amounts to.
package struct TrailTotals: Sendable, Hashable {
    /// How many files have which verdict.
    package struct Count: Sendable, Hashable {
        package var valid = 0
        package var invalid = 0
        package var unverified = 0

        package var all: Int { valid + invalid + unverified }

        mutating func add(_ verdict: Verdict) {
            switch verdict.outcome {
            case .valid: valid += 1
            case .invalid: invalid += 1
            case .unverified: unverified += 1
            }
        }
    }

    package var digests = Count()
    package var backfillDigests = Count()
    package var logs = Count()
    package var chains = 0
    package var gaps = 0
    package var unlisted = 0
    /// The folders that could not be listed.
    package var unlistedFolders = 0
    /// True when there were public keys, given or found.
    package var hasKeys = false
    /// The regions whose public keys were found, and not given.
    package var keyRegions: [String] = []
    /// Those of which there are none to be found, with why.
    package var keylessRegions: [String: String] = [:]
    /// The accounts and regions that were named and of which there is no digest file.
    package var absent: [String] = []
    /// From the first to the last moment of which a valid digest file tells; nil without any.
    package var found: Range<Timestamp>?

    /// True when something is not what CloudTrail has written.
    package var isAnyInvalid: Bool { digests.invalid + backfillDigests.invalid + logs.invalid > 0 }

    /// True when there was something, and all of it is what CloudTrail has written.
    package var isAllValid: Bool {
        digests.all + backfillDigests.all > 0 && !isAnyInvalid && gaps == 0 && unlisted == 0
            && unlistedFolders == 0 && absent.isEmpty
            && digests.unverified + backfillDigests.unverified + logs.unverified == 0
    }

    mutating func add(_ finding: TrailFinding) {
        switch finding {
        case .chain: chains += 1
        case .digest(let digest):
            if digest.isBackfill { backfillDigests.add(digest.verdict) } else { digests.add(digest.verdict) }
            guard digest.verdict == .valid, let start = digest.start, let end = digest.end else { return }
            found = min(found?.lowerBound ?? start, start)..<max(found?.upperBound ?? end, end)
        case .log(let log): logs.add(log.verdict)
        // A chain that begins anew where another one has ended leaves nothing out.
        case .gap(let gap): gaps += gap.start < gap.end ? 1 : 0
        case .unlisted: unlisted += 1
        case .folder: unlistedFolders += 1
        }
    }
}

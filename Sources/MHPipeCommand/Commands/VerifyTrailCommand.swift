import Libc
import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// `mhpipe verify-trail DIR|s3://BUCKET/PREFIX`.
struct VerifyTrailCommand: Command {
    static let name = "verify-trail"
    static let summary = "Verifies log files by the digest files that CloudTrail has signed."
    static let notes = """
        PLACE is a folder, of which any part of a bucket with its keys will do, or the bucket itself. What is not valid is listed on standard output, then
        how many files are; 'docs/digests.md' says what is looked at. Signatures are in the metadata of objects; in a folder
        they are read from files beside the copies: NAME.metadata, what 'aws s3api head-object' prints, or NAME.sig. Without
        them the signature of a digest file is the one that the next digest file holds. For a bucket CloudTrail is asked for
        public keys where none are given.

        Exit codes: 0 when everything asked for is verified; 5 when a file is not valid; 3 when none is, but not all could be
        verified, or there was nothing; 2 for a mistake in the arguments.

        Examples:
          aws cloudtrail list-public-keys --start-time 2026-05-01 > keys.json
          mhpipe verify-trail AWSLogs --public-keys keys.json --report audit.json
          mhpipe verify-trail s3://audit-logs/AWSLogs --since 2026-05 --until 2026-05
        """

    static let parameters: [Parameter<VerifyTrailCommand>] =
        [
            .positional("PLACE", \.place, "The folder, or s3://BUCKET/PREFIX for what is in a bucket."),
            .repeated(
                "public-keys",
                "FILE",
                \.publicKeys,
                "What 'aws cloudtrail list-public-keys' prints, which each region does for itself; may be given again."
            ),
            .repeated(
                "account",
                "ID",
                \.accounts,
                "Only the files of an account, or of several with commas between them."
            ),
            .repeated(
                "region",
                "REGION",
                \.regions,
                "Only the files of a region, or of several with commas between them."
            ),
            .option(
                "since",
                "TIME",
                \.since,
                "From when on everything is to be verified: a day (2026-05-31), a month, a time, or so long ago (7d); else from the "
                    + "first digest file on."
            ),
            .option(
                "until",
                "TIME",
                \.until,
                "Up to when, with all of the day or month that it names; else up to the last digest file."
            ),
            .option("report", "FILE", \.report, "Writes all that was found as JSON."),
            .flag("verbose", short: "v", \.isVerbose, "Lists valid files as well."),
        ] + TrailPlaceOptions.parameters.map { $0.within(\.bucket) }

    var place = ""
    var publicKeys: [InputPath] = []
    var accounts: [CommaList<AccountID>] = []
    var regions: [CommaList<RegionName>] = []
    var since: TimeBound?
    var until: TimeBound?
    var report: String?
    var isVerbose = false
    var bucket = TrailPlaceOptions()

    func run(in context: CommandContext) throws -> ExitCode {
        let (console, now) = (context.console, Timestamp.now)
        let selection = try selection(now)
        let place = try TrailPlace(place, bucket)
        let (keys, files) = try readKeys()
        let (store, search) = try place.open { console.say($0) }
        let report = try report.map { path throws(UsageError) in try TrailReport(path, store) }
        let text = TrailText(isVerbose: isVerbose, store: store)
        var isListening = true
        // Whoever reads the list may go away; what is found makes the exit code all the same.
        func show(_ line: String) throws {
            guard isListening else { return }
            do {
                try console.write(line + "\n")
            } catch let error as StageError where error.isClosedPipe {
                isListening = false
            }
        }
        do {
            report?.begin(self, selection, files, now)
            let verifier = TrailVerifier(store, keys: publicKeys.isEmpty ? nil : keys, selection, now: now) {
                search?.keys($0, $1) ?? [:]
            }
            let totals = try verifier.verify { finding in
                try report?.add(finding)
                if let line = text.line(finding) { try show(line) }
            }
            for line in text.summary(totals) { try show(line) }
            let exitCode: ExitCode = totals.isAnyInvalid ? .different : totals.isAllValid ? .success : .inputProblems
            try report?.end(totals, exitCode)
            advise(totals, place, console)
            return exitCode
        } catch {
            report?.abort()
            throw error
        }
    }

    private func selection(_ now: Timestamp) throws(UsageError) -> TrailSelection {
        let (start, end) = (since?.start(now), until?.end(now))
        if let start, let end, start >= end { throw UsageError("'--since' lies behind '--until'") }
        let (accounts, regions) = (accounts.flatMap(\.elements).map(\.text), regions.flatMap(\.elements).map(\.text))
        return TrailSelection(
            accounts: accounts.isEmpty ? nil : Set(accounts),
            regions: regions.isEmpty ? nil : Set(regions),
            since: start,
            until: end
        )
    }

    private func readKeys() throws -> (PublicKeys, [(path: String, sha256: String)]) {
        var keys = PublicKeys()
        var files: [(path: String, sha256: String)] = []
        for file in publicKeys {
            guard let bytes = WholeFile.read(file.path) else {
                throw UsageError.unreadable("cannot read '\(FilePath(file.path).text)'", file.path, errno)
            }
            do {
                try keys.add(bytes, from: FilePath(file.path).text)
            } catch let error as StageError {
                throw UsageError.refused(error.message, advice: error.adviceLines)
            }
            let hash = try SHA256()
            hash.update(bytes)
            files.append((file.path, Hexadecimal.text(hash.finish())))
        }
        return (keys, files)
    }

    /// Says what would make more of it verified.
    private func advise(_ totals: TrailTotals, _ place: TrailPlace, _ console: Console) {
        if totals.digests.all + totals.backfillDigests.all == 0 {
            console.say(
                "there is no digest file of what was asked for in '\(place.name)', so nothing was verified",
                advice: [
                    "their names are ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_TIME.json.gz, in the folders that they "
                        + "have in the bucket"
                ]
            )
        } else if !totals.hasKeys {
            console.say(
                "no signature was verified, since there are no public keys",
                advice: [
                    "'aws cloudtrail list-public-keys --region R --start-time T > keys.json' for each region, and "
                        + "'--public-keys keys.json'"
                ]
            )
        }
    }
}

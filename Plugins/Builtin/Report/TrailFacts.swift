import MHPipeKit
import MHPipeReport

/// What a report says of digest files: by what is stamped on its events, and by what `verify-trail` has written.
struct TrailFacts {
    typealias Failure = SQLiteDatabase.Failure

    private static let mostRegions = 60
    private static let mostFindings = 60

    let query: ReportQuery
    /// What `verify-trail` has written; nil where nobody has given it.
    let trail: TrailVerification?
    /// True when mhpipe has set `integrity` of all events, and nobody else can have.
    let areStampsOurs: Bool
    private(set) var findings: [ReportFacts.Finding] = []
    /// The word for all of it.
    private(set) var word = "not verified"
    /// True when events came from log files that no digest file vouches for, whatever `verify-trail` has verified.
    private var hasUnvouched = false

    init(_ query: ReportQuery, _ trail: TrailVerification?, areStampsOurs: Bool) {
        (self.query, self.trail, self.areStampsOurs) = (query, trail, areStampsOurs)
    }

    mutating func parts() throws(Failure) -> [ReportFacts.Part] {
        let stamped = try query.number("SELECT count(*) FROM events WHERE integrity IN (\(Self.verdicts))")
        var parts: [ReportFacts.Part] = []
        if stamped > 0 { parts.append(.table(try stamps())) }
        if stamped > 0, !areStampsOurs { parts.append(.remark(Self.claims)) }
        if let trail { parts += [.list(summary(of: trail)), .table(try found(by: trail))] }
        guard parts.isEmpty else { return parts }
        add(.quiet, "Log files not verified: no digest file was looked at")
        return [
            .remark(
                """
                Not verified: nobody has held the log files against the digest files that CloudTrail signs. 'mhpipe \
                verify-trail PLACE --report FILE' does, and '--trail-report FILE' shows here what it found; a source with \
                'verify_digests' does in a run.
                """
            )
        ]
    }

    private static let claims = """
        What these events say proves nothing, since 'integrity' may have stood in the records, where anybody who can write a \
        log can put it. It counts in sink 'report' of a pipeline whose sources all have 'verify_digests'; and with \
        '--run-manifest FILE' for a database, or for JSON lines, that such a run has written. Nothing between those sources \
        and the sink may set 'integrity' again.
        """

    // MARK: Stamps

    private static let verdicts = "'verified', 'unlisted', 'mismatch', 'unsigned'"

    private mutating func stamps() throws(Failure) -> FactTable {
        let columns = ["mismatch", "unlisted", "unsigned", "verified"].map { "total(integrity = '\($0)')" }
        let sums = columns.map { "CAST(\($0) AS INTEGER)" }.joined(separator: ", ")
        let rest = "count(*) - CAST(total(integrity IN (\(Self.verdicts))) AS INTEGER)"
        let all = try query.rows("SELECT \(sums), \(rest) FROM events").first ?? []
        let counts = all.map { $0.flatMap { Int($0) } ?? 0 }
        judge(counts)
        return try query.fill(
            FactTable(
                id: "digests",
                caption: areStampsOurs
                    ? "Events by what digest files say of the log files they came from"
                    : "Events by what they say themselves of the log files they came from",
                columns: ["Account", "Region"]
                    + ["Mismatch", "Unlisted", "Unsigned", "Verified", "Not looked at"].map {
                        FactTable.Column($0, .number)
                    },
                query: "SELECT recipientAccountId, awsRegion, integrity, count(*) FROM events GROUP BY 1, 2, 3"
            ),
            """
            SELECT recipientAccountId, awsRegion, \(sums), \(rest) FROM events GROUP BY 1, 2 \
            ORDER BY 3 DESC, 4 DESC, 5 DESC, 7 DESC, 1, 2
            """,
            most: Self.mostRegions
        ) { row in [.code(row[0]), .text(row[1])] + row[2...].map { .number($0) } }
    }

    private mutating func judge(_ counts: [Int]) {
        guard counts.count == 5 else { return }
        guard areStampsOurs else { return judge(claims: counts) }
        let others = counts[1] + counts[2] + counts[4]
        if counts[0] > 0 {
            word = "mismatch"
            add(.bad, "\(Wording.count(counts[0], "event")) from log files that are not as digest files list them")
        }
        if others > 0 {
            hasUnvouched = true
            if counts[0] == 0, counts[3] > 0 { word = "in part" }
            add(.warning, "\(Wording.count(others, "event")) from log files that no digest file vouches for")
        }
        guard counts[0] == 0, others == 0 else { return }
        word = "verified"
        add(.good, "All events from log files that valid digest files list")
    }

    /// What speaks against a trail is heard, whoever says it; what speaks for it is not.
    private mutating func judge(claims counts: [Int]) {
        hasUnvouched = counts[0] + counts[1] + counts[2] > 0
        let count = counts[0] + counts[1] + counts[2] + counts[3]
        add(
            .warning,
            "\(Wording.count(count, "event")) with 'integrity', which does not count: nothing shows that mhpipe has set it"
        )
    }

    // MARK: verify-trail

    private mutating func summary(of trail: TrailVerification) -> FactList {
        let (object, sums) = (trail.object, trail.object["summary"])
        var facts = FactList(id: "trail", caption: "What verify-trail found")
        func number(_ key: String) -> FactTable.Cell { (sums?[key]?.int).map { .number($0) } ?? .none }
        func counts(_ key: String) -> FactTable.Cell {
            let count = sums?[key]
            let words = ["valid", "invalid", "unverified"].map { "\(Wording.grouped(count?[$0]?.int ?? 0)) \($0)" }
            return .text(words.joined(separator: ", "))
        }
        func list(_ key: String) -> FactTable.Cell {
            guard let names = object[key]?.elements.compactMap(\.string), !names.isEmpty else { return .text("all") }
            return .text(names.joined(separator: ", "))
        }
        facts.add("Written by verify-trail", .text(trail.name))
        facts.add("SHA-256 of that file", .code(trail.sha256))
        facts.add("Place that was verified", .text(object.text("place")))
        facts.add("Accounts", list("accounts"))
        facts.add("Regions", list("regions"))
        facts.add("Asked for from", .text(object.text("since") ?? "the first digest file"))
        facts.add("Asked for to", .text(object.text("until") ?? "the last digest file"))
        facts.add("Begun", .time(object.text("started")))
        facts.add("Ended", .time(object.text("ended")))
        facts.add("All verified", judge(trail))
        facts.add("Exit code", object["exitCode"]?.int.map { .number($0) } ?? .none)
        facts.add("Digest files", counts("digests"))
        facts.add("Digest files of backfills", counts("backfillDigests"))
        facts.add("Log files", counts("logs"))
        facts.add("Times that no digest file tells of", number("gaps"))
        facts.add("Log files that no digest file lists", number("unlisted"))
        facts.add("Folders that were not listed", number("unlistedFolders"))
        for key in (object["publicKeys"]?.elements ?? []).prefix(20) {
            facts.add("Public keys \(key.text("file") ?? "")", .code(key.text("sha256")))
        }
        return facts
    }

    private mutating func judge(_ trail: TrailVerification) -> FactTable.Cell {
        let (object, sums) = (trail.object, trail.object["summary"])
        func count(_ key: String, _ verdict: String) -> Int { sums?[key]?[verdict]?.int ?? 0 }
        let kinds = ["digests", "backfillDigests", "logs"]
        let invalid = kinds.reduce(0) { $0 + count($1, "invalid") }
        let digests = count("digests", "valid") + count("backfillDigests", "valid")
        if object["verified"]?.bool == true, trail.contradictsVerified || digests == 0 {
            word = "mismatch"
            add(
                .bad,
                "The file of verify-trail says that all is verified, and its own findings do not: it is not as it was written"
            )
            return .state(.bad, "yes, against its own findings")
        }
        if object["verified"]?.bool == true {
            if word == "not verified" { word = hasUnvouched ? "in part" : "verified" }
            add(.good, "verify-trail found \(Wording.count(count("logs", "valid"), "log file")), all valid")
            return .state(.good, "yes")
        }
        if invalid > 0 {
            word = "mismatch"
            add(.bad, "verify-trail found \(Wording.count(invalid, "file")) not valid")
            return .state(.bad, "no: \(Wording.grouped(invalid)) not valid")
        }
        let valid = kinds.reduce(0) { $0 + count($1, "valid") }
        if word != "mismatch", valid > 0 || word == "verified" { word = "in part" }
        add(.warning, "verify-trail could not verify all that it was asked for")
        return .state(.warning, "no: not all could be")
    }

    private func found(by trail: TrailVerification) throws(Failure) -> FactTable {
        let rows = try query.rows(
            """
            SELECT name, what, verdict, reason, detail FROM trail_findings ORDER BY rank, rowid LIMIT \(Self.mostFindings)
            """
        )
        return FactTable(
            id: "found",
            caption: "Files and times that verify-trail could not call valid",
            columns: ["Name", "What", "Verdict", "Reason", "Detail"],
            rows: rows.map { row in
                let tone: ReportFacts.Tone = row[2] == "invalid" ? .bad : .warning
                return [
                    .text(row[0]), .text(row[1]), .state(tone, row[2] ?? ""), .text(row[3]), .text(row[4]),
                ]
            },
            total: trail.found,
            empty: "None."
        )
    }

    private mutating func add(_ tone: ReportFacts.Tone, _ text: String) {
        findings.append(ReportFacts.Finding(tone, text, section: VerificationFacts.id))
    }
}

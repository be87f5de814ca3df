import MHPipeReport

/// What proves that a report is of the events that CloudTrail wrote, and what is not proven.
struct VerificationFacts {
    typealias Failure = SQLiteDatabase.Failure

    static let id = "verification"
    /// The key under which events have what digest files say of their log files.
    static let stamp = TrailIntegrity.key

    let query: ReportQuery
    let trail: TrailVerification?
    let run: ManifestedRun?
    /// True when the sources of this run have set `integrity` in all events.
    let isStampedHere: Bool
    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery, _ trail: TrailVerification?, _ run: ManifestedRun?, isStampedHere: Bool) {
        (self.query, self.trail, self.run, self.isStampedHere) = (query, trail, run, isStampedHere)
    }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        try run?.compare()
        let areManifested = try run?.stamps(Self.stamp) ?? false
        var digests = TrailFacts(query, trail, areStampsOurs: isStampedHere || areManifested)
        var parts = try digests.parts()
        findings = digests.findings
        figures = [ReportFacts.Figure("Log files", digests.word, note: "by digest files")]
        if let run {
            var facts = RunFacts(query, run)
            parts += try facts.parts()
            findings += facts.findings
        } else {
            parts.append(
                .remark(
                    """
                    No manifest was given, so nothing ties this page to a run. 'mhpipe report INPUT FILE --run-manifest \
                    MANIFEST' shows the manifest that 'mhpipe run --manifest' has written, its hash, and whether INPUT is \
                    what it lists.
                    """
                )
            )
        }
        return ReportFacts.Section(
            id: Self.id,
            title: "Verification",
            lead: """
                Whether the log files are those that CloudTrail wrote is told by its digest files, which are signed; of which \
                run this page is, by the manifest of that run. What events themselves say of it counts only where nobody but \
                mhpipe can have written it: by the sources of this page's own run, or in a file that the manifest lists as \
                the work of such a run. The manifest's own hash is to be held against a copy that is kept elsewhere.
                """,
            parts: parts
        )
    }
}

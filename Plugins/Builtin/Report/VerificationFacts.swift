import MHPipeReport

/// What proves that a report is of the events that CloudTrail wrote, and what is not proven.
struct VerificationFacts {
    typealias Failure = SQLiteDatabase.Failure

    static let id = "verification"

    let query: ReportQuery
    let trail: TrailVerification?
    let run: ManifestedRun?
    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery, _ trail: TrailVerification?, _ run: ManifestedRun?) {
        (self.query, self.trail, self.run) = (query, trail, run)
    }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        var digests = TrailFacts(query, trail)
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
                run this page is, by the manifest of that run. Stamps on events are as good as the file that they came with: \
                the manifest has its hash, and the manifest's own hash is to be held against a copy that is kept elsewhere.
                """,
            parts: parts
        )
    }
}

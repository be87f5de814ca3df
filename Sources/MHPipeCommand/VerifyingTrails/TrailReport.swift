import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// What `--report` writes of a verification: one JSON object, with a finding on each line, so that it is written as findings
/// come.
///
/// `docs/schema/trail-report-1.schema.json` describes it.
final class TrailReport {
    /// Goes up when a key goes away or changes its meaning; new keys may come without that.
    static let schema = 1

    private let file: any OutputFile
    /// Where the trail is.
    private let store: any TrailStore
    private let buffer = OutputBuffer()
    private var hasFindings = false
    private static let fullBytes = 1 << 20

    /// Opens the file, and refuses one that cannot be written.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - store: Where the trail is.
    /// - Throws: `UsageError`.
    init(_ path: String, _ store: any TrailStore) throws(UsageError) {
        self.store = store
        if path != "-", let mistake = UsageError.mistake(in: path, for: .outputFile) { throw mistake }
        do {
            file = try Output.open(path)
        } catch {
            throw MachineFault.isOne(error.errorNumber)
                ? .machineFault(error.message, advice: error.advice)
                : .refused(error.message, advice: error.advice.map { [$0] } ?? [])
        }
    }

    /// Writes what was asked for.
    func begin(
        _ command: VerifyTrailCommand,
        _ selection: TrailSelection,
        _ keys: [(path: String, sha256: String)],
        _ now: Timestamp
    ) {
        let files = keys.map { object([("file", text($0.path)), ("sha256", text($0.sha256))]) }
        let members = [
            ("schema", "\(Self.schema)"), ("mhpipe", text(Version.current)), ("place", text(command.place)),
            ("accounts", list(selection.accounts?.sorted().map(text))),
            ("regions", list(selection.regions?.sorted().map(text))),
            ("since", text(selection.since?.description)), ("until", text(selection.until?.description)),
            ("publicKeys", list(files)), ("started", text(now.description)),
        ]
        buffer.append("{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + ",\n\"findings\":[")
    }

    /// Writes a finding.
    ///
    /// - Throws: `StageError`.
    func add(_ finding: TrailFinding) throws {
        buffer.append(hasFindings ? ",\n" : "\n")
        hasFindings = true
        buffer.append(object(members(finding)))
        if buffer.count >= Self.fullBytes { try flush() }
    }

    /// Writes what it amounts to, and gives the file its name.
    ///
    /// - Throws: `StageError`; the old file is as it was.
    func end(_ totals: TrailTotals, _ exitCode: ExitCode) throws {
        func count(_ count: TrailTotals.Count) -> String {
            object([
                ("valid", "\(count.valid)"), ("invalid", "\(count.invalid)"), ("unverified", "\(count.unverified)"),
            ])
        }
        let summary = [
            ("digests", count(totals.digests)), ("backfillDigests", count(totals.backfillDigests)),
            ("logs", count(totals.logs)), ("chains", "\(totals.chains)"), ("gaps", "\(totals.gaps)"),
            ("unlisted", "\(totals.unlisted)"), ("unlistedFolders", "\(totals.unlistedFolders)"),
            ("start", text(totals.found?.lowerBound.description)),
            ("end", text(totals.found?.upperBound.description)),
        ]
        let keyless = totals.keylessRegions.sorted { $0.key < $1.key }
            .map { object([("region", text($0.key)), ("reason", text($0.value))]) }
        let members = [
            ("summary", object(summary)), ("publicKeyRegions", list(totals.keyRegions.map(text))),
            ("regionsWithoutPublicKeys", list(keyless)),
            ("verified", "\(totals.isAllValid)"), ("exitCode", "\(exitCode.value)"),
            ("ended", text(Timestamp.now.description)),
        ]
        buffer.append("\n],\n" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + "}\n")
        try flush()
        try Self.translating { () throws(OutputFailure) in
            try file.finish()
            try file.commit()
        }
    }

    /// Leaves the old file as it was.
    func abort() { file.abort() }

    private func flush() throws {
        try Self.translating { () throws(OutputFailure) in try unsafe file.write(buffer.bytes) }
        buffer.removeAll()
    }

    private static func translating(_ work: () throws(OutputFailure) -> Void) throws {
        do {
            try work()
        } catch {
            throw StageError(error.message, advice: error.advice)
        }
    }

    // MARK: - JSON

    private func members(_ finding: TrailFinding) -> [(String, String)] {
        switch finding {
        case .chain(let chain): return [("type", "\"chain\"")] + members(chain)
        case .digest(let digest):
            return [
                ("type", "\"digest\""), ("object", text(store.shown(digest.object))),
                ("backfill", "\(digest.isBackfill)"),
                ("start", text(digest.start?.description)), ("end", text(digest.end?.description)),
                ("logs", "\(digest.logs)"),
            ] + members(digest.verdict)
        case .log(let log):
            return [
                ("type", "\"log\""), ("object", text(store.shown(log.object))),
                ("digest", text(store.shown(log.digest))),
            ] + members(log.verdict)
        case .gap(let gap):
            return [("type", "\"gap\"")] + members(gap.chain) + [
                ("start", text(gap.start.description)), ("end", text(gap.end.description)),
                ("reason", text(gap.reason.rawValue)),
            ]
        case .unlisted(let object, let isAfterLastDigest):
            return [
                ("type", "\"unlisted\""), ("object", text(store.shown(object))),
                ("afterLastDigest", "\(isAfterLastDigest)"),
            ]
        case .folder(let folder):
            return [
                ("type", "\"folder\""), ("object", text(folder.folder.description)), ("reason", text(folder.reason)),
            ]
        }
    }

    private func members(_ verdict: Verdict) -> [(String, String)] {
        [
            ("verdict", text(verdict.outcome.rawValue)), ("flaw", text(verdict.flaw?.code)),
            ("reason", text(verdict.flaw?.rawValue)), ("detail", text(verdict.detail)),
        ]
    }

    private func members(_ chain: ChainName) -> [(String, String)] {
        [
            ("organization", text(chain.organization)), ("account", text(chain.account)),
            ("region", text(chain.region)),
            ("trail", text(chain.trail)), ("homeRegion", text(chain.homeRegion)),
        ]
    }

    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func list(_ elements: [String]?) -> String {
        elements.map { "[" + $0.joined(separator: ",") + "]" } ?? "null"
    }

    private func text(_ text: String?) -> String {
        guard let text else { return "null" }
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        return "\"" + String(decoding: escaped, as: UTF8.self) + "\""
    }
}

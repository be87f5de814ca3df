import MHPipeKit
import MHPipeTestSupport

@testable import MHPipeDigests

/// What a verification finds of a trail in a folder, a word each, in the order in which it is found.
struct VerifiedTrail {
    /// One pair for all tests: to make one takes a tenth of a second.
    static let signer = Result { try SigningKey() }
    static let other = Result { try SigningKey() }

    /// `digest 0`, `log 0 0: hash` and the like; what is valid is left out.
    private(set) var flaws: [String] = []
    let totals: TrailTotals

    /// Verifies a trail.
    ///
    /// - Parameters:
    ///   - trail: The trail.
    ///   - savesMetadata: False for a copy without any.
    ///   - keys: Whose signatures count; nil for those of the trail's own.
    ///   - selection: What is asked for.
    /// - Throws: When it cannot be written or read.
    init(
        _ trail: SignedTrail,
        savesMetadata: Bool = true,
        keys: [SigningKey]? = nil,
        _ selection: TrailSelection = TrailSelection()
    ) throws {
        let folder = try TemporaryDirectory()
        try trail.write(to: folder, savesMetadata: savesMetadata)
        try self.init(folder.path("copy"), keys: keys ?? [trail.signer], selection)
    }

    /// Verifies what is in a folder; without keys, `findKeys` is asked for them.
    init(
        _ path: String,
        keys: [SigningKey],
        _ selection: TrailSelection = TrailSelection(),
        findKeys: @escaping TrailVerifier.KeySearch = { _, _ in [:] }
    ) throws {
        var known = PublicKeys()
        try known.add(Array(SigningKey.list(keys).utf8), from: "keys.json")
        let store = try FolderStore(FilePath(path))
        let given = keys.isEmpty ? nil : known
        let verifier = TrailVerifier(store, keys: given, selection, now: .now, findKeys: findKeys)
        var flaws: [String] = []
        totals = try verifier.verify { finding in
            if let flaw = Self.word(finding) { flaws.append(flaw) }
        }
        self.flaws = flaws
    }

    private static func word(_ finding: TrailFinding) -> String? {
        switch finding {
        case .chain: nil
        case .digest(let digest): word("digest", digest.object, digest.verdict)
        case .log(let log): word("log", log.object, log.verdict)
        case .gap(let gap): "gap \(hour(gap.start))-\(hour(gap.end)): \(gap.reason.rawValue)"
        case .folder(let folder): "folder \(folder.folder)"
        case .unlisted(let object, let isAfterLastDigest):
            "unlisted \(object.name.contains("T") ? hour(object) : "")" + (isAfterLastDigest ? ": behind" : "")
        }
    }

    private static func word(_ kind: String, _ object: ObjectAddress, _ verdict: Verdict) -> String? {
        guard verdict.outcome != .valid else { return nil }
        return
            "\(kind) \(hour(object)): \(verdict.outcome == .unverified ? "unverified, " : "")\(verdict.flaw?.code ?? "")"
    }

    /// The hour in a name, from 03 on.
    private static func hour(_ object: ObjectAddress) -> String {
        String((object.name.split(separator: "20260102T").last ?? "").prefix(2))
    }

    private static func hour(_ time: Timestamp) -> String { String("\(time)".dropFirst(11).prefix(2)) }
}

import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// What the digest files of a folder or a bucket say of its log files.
final class TrailIntegrity: Sendable {
    /// What is asked for by options.
    struct Settings: Sendable {
        let mode: DigestMode
        let publicKeys: [InputPath]
    }

    /// The key that events get.
    static let key = "integrity"

    let mode: DigestMode
    private let index: TrailIndex
    private let warn: @Sendable (String) -> Void
    /// What was warned of already: the first file of each kind.
    private let said = Locked<Set<LogIntegrity>>([])

    /// Reads the digest files.
    ///
    /// - Parameters:
    ///   - store: The folder or bucket.
    ///   - settings: What is done about what they say.
    ///   - selection: What is read.
    ///   - now: When the run began.
    ///   - warn: Tells the user.
    ///   - findKeys: Asked for public keys where none are given.
    /// - Throws: `StageError` when they cannot be read, or when log files are missing and that fails the run.
    init(
        _ store: any TrailStore,
        _ settings: Settings,
        _ selection: TrailSelection,
        now: Timestamp,
        warn: @escaping @Sendable (String) -> Void,
        findKeys: @escaping TrailVerifier.KeySearch = { _, _ in [:] }
    ) throws {
        mode = settings.mode
        self.warn = warn
        var keys = PublicKeys()
        for file in settings.publicKeys { try keys.add(contentsOf: FilePath(file.path)) }
        let given = settings.publicKeys.isEmpty ? nil : keys
        index = try TrailIndex(TrailVerifier(store, keys: given, selection, now: now, findKeys: findKeys))
        for text in problems(of: store.name) { warn(text) }
        if mode == .fail, let first = index.missing.first {
            throw StageError(
                "log files that digest files list and that are not there: \(index.missing.count), such as \(first)",
                advice: Self.advice(store.name)
            )
        }
        if mode == .fail, let first = index.faults.first {
            throw StageError(
                "digest files that are not valid: \(index.faults.count), such as \(first.object): \(first.flaw.rawValue)",
                advice: Self.advice(store.name)
            )
        }
    }

    /// The log files that are listed and not there, and the digest files that are not valid or not there, where that is reported as other files that cannot be read.
    var missing: [UnreadableInput] {
        guard mode == .quarantine else { return [] }
        return index.missing.map {
            UnreadableInput(name: $0.description, reason: "a digest file lists it, and it is not there")
        }
            + index.faults.map {
                UnreadableInput(name: $0.object.description, reason: "digest file: \($0.flaw.rawValue)")
            }
    }

    func integrity(of object: ObjectAddress?, _ stream: () throws -> any ByteStream) throws -> LogIntegrity {
        try index.integrity(of: object, stream)
    }

    func isDigest(_ stream: any ByteStream) throws -> Bool { try index.isDigest(stream) }

    /// Warns of a file that is read although it is not verified, once for each kind.
    func note(_ integrity: LogIntegrity, of name: String) {
        guard integrity != .verified, said.withLock({ $0.insert(integrity).inserted }) else { return }
        warn(
            "'\(name)' is not verified: \(integrity.words); so are others whose events have 'integrity': '\(integrity.rawValue)'"
        )
    }

    private static func advice(_ place: String) -> String {
        "'mhpipe verify-trail \(place) --public-keys FILE' says what is not as it should be"
    }

    private func problems(of place: String) -> [String] {
        var problems = index.unlistedFolders.map { "'\($0.folder)': \($0.reason)" }
        if index.digests == 0 {
            problems.append("there are no digest files in '\(place)', so no log file can be verified")
        } else if !index.hasKeys {
            problems.append("without 'public_keys' no digest file can be verified")
        } else if index.keylessDigests > 0 {
            problems.append(
                "digest files that cannot be verified, since there are no public keys of their regions: \(index.keylessDigests)"
            )
        }
        if index.unverifiedDigests > 0 {
            problems.append(
                "digest files that cannot be verified, since their signatures are not known: \(index.unverifiedDigests)"
            )
        }
        if index.unreachableDigests > 0 {
            problems.append(
                "digest files that cannot be read: \(index.unreachableDigests); 'mhpipe verify-trail' says why"
            )
        }
        if index.invalidDigests > 0 {
            problems.append(
                "digest files that are not valid: \(index.invalidDigests); 'mhpipe verify-trail' says which"
            )
        }
        if mode == .warn, let first = index.missing.first {
            problems.append(
                "log files that digest files list and that are not there: \(index.missing.count), such as \(first)"
            )
        }
        return problems
    }
}

extension LogIntegrity {
    /// Why a file is not verified.
    var words: String {
        switch self {
        case .verified: "it is verified"
        case .unlisted: "no digest file lists it"
        case .mismatch: "it is not the file that a digest file lists"
        case .unsigned: "the digest file that lists it is not verified"
        }
    }
}

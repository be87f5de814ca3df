import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// What the digest files of a folder say of its log files.
final class FolderIntegrity: Sendable {
    /// What is asked for by options.
    struct Settings: Sendable {
        let mode: DigestMode
        let publicKeys: [InputPath]
    }

    /// The key that events get.
    static let key = "integrity"

    let mode: DigestMode
    private let store: FolderStore
    private let index: TrailIndex
    private let warn: @Sendable (String) -> Void
    /// What was warned of already: the first file of each kind.
    private let said = Locked<Set<LogIntegrity>>([])

    /// Reads the digest files.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - settings: What is done about what they say.
    ///   - events: The events that are read; nil for all.
    ///   - now: When the run began.
    ///   - warn: Tells the user.
    /// - Throws: `StageError` when they cannot be read, or when log files are missing and that fails the run; `InputFailure`
    ///   when the folder cannot be listed.
    init(
        _ folder: FilePath,
        _ settings: Settings,
        _ events: EventSelection?,
        now: Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) throws {
        mode = settings.mode
        self.warn = warn
        store = try FolderStore(folder)
        var keys = PublicKeys()
        for file in settings.publicKeys { try keys.add(contentsOf: FilePath(file.path)) }
        let selection = TrailSelection(
            accounts: events?.accounts,
            regions: events?.regions,
            since: events?.since,
            until: events?.lastDelivery
        )
        let verifier = TrailVerifier(store, keys: settings.publicKeys.isEmpty ? nil : keys, selection, now: now)
        index = try TrailIndex(verifier)
        for text in problems(settings) { warn(text) }
        if mode == .fail, let first = index.missing.first {
            throw StageError(
                "log files that digest files list and that are not there: \(index.missing.count), such as \(first)",
                advice: Self.advice(folder)
            )
        }
        if mode == .fail, let first = index.faults.first {
            throw StageError(
                "digest files that are not valid: \(index.faults.count), such as \(first.object): \(first.flaw.rawValue)",
                advice: Self.advice(folder)
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

    /// A unit that is held against the digest files before it is read.
    ///
    /// - Parameters:
    ///   - unit: A file.
    ///   - below: Its path below the folder.
    /// - Returns: The unit, with its integrity once it is open.
    func unit(_ unit: FileUnit, below: [UInt8]) -> any SourceUnit {
        CheckedUnit(unit, address(below: below), self)
    }

    func address(below: [UInt8]) -> ObjectAddress? { store.address(below: below) }

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

    static func advice(_ folder: FilePath) -> String {
        "'mhpipe verify-trail \(folder.text) --public-keys FILE' says what is not as it should be"
    }

    private func problems(_ settings: Settings) -> [String] {
        var problems: [String] = []
        if index.digests == 0 {
            problems.append("there are no digest files in '\(store.name)', so no log file can be verified")
        } else if settings.publicKeys.isEmpty {
            problems.append("without 'public_keys' no digest file can be verified")
        } else if index.unverifiedDigests > 0 {
            problems.append(
                "digest files that cannot be verified, since their signatures are not known: \(index.unverifiedDigests)"
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

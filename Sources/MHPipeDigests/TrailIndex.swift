import MHPipeIO
package import MHPipeKit

/// What digest files say of log files, to hold each against when it is read.
package final class TrailIndex: Sendable {
    private struct Listing: Sendable {
        var sha256: [UInt8]
        /// True when CloudTrail has signed it.
        var isSigned: Bool
    }

    private let listings: [ObjectAddress: Listing]
    private let pool: ObjectReaderPool
    /// The digest files that are not valid, and those of which nobody can tell.
    package let invalidDigests: Int
    package let unverifiedDigests: Int
    /// Those of which nobody can tell for want of the public keys of their regions.
    package let keylessDigests: Int
    /// Those that are there and cannot be had.
    package let unreachableDigests: Int
    /// How many digest files there are.
    package let digests: Int
    /// Those that are not there, are not valid, or cannot be had, with what is wrong.
    package let faults: [(object: ObjectAddress, flaw: Flaw)]
    /// The log files that are listed and not there, in the order of their keys.
    package let missing: [ObjectAddress]
    /// True when there were public keys, given or found.
    package let hasKeys: Bool
    /// The folders that could not be listed.
    package let unlistedFolders: [UnlistedFolder]

    /// Reads the digest files, and no log file.
    ///
    /// - Parameter verifier: Knows where they are, and which of them are looked at.
    /// - Throws: `StageError` when something cannot be read that says nothing of the trail.
    package init(_ verifier: TrailVerifier) throws {
        var listings: [ObjectAddress: Listing] = [:]
        var (digests, invalid, unverified, keyless, unreachable) = (0, 0, 0, 0, 0)
        var missing: Set<ObjectAddress> = []
        var faults: [(object: ObjectAddress, flaw: Flaw)] = []
        let chains = try verifier.listDigests()
        let verifier = verifier.knowingKeys(of: chains)
        hasKeys = verifier.keys.isThereAny
        let present = chains.isEmpty ? [] : try Self.present(verifier)
        for (chain, listed) in chains {
            let verification = try ChainVerification(chain, listed, verifier)
            digests += verification.verdicts.count
            invalid += verification.verdicts.count { $0.outcome == .invalid } + verification.missing.count
            unreachable += verification.verdicts.count(where: Self.isUnreachable)
            keyless += verification.verdicts.count { $0.flaw == .noPublicKeys }
            unverified += verification.verdicts.count {
                $0.outcome == .unverified && !Self.isUnreachable($0) && $0.flaw != .noPublicKeys
            }
            faults += verification.missing.map { (object: $0.digest, flaw: Flaw.notFound) }
            for (digest, verdict) in zip(verification.digests, verification.verdicts) {
                if verdict.outcome == .invalid || Self.isUnreachable(verdict) {
                    faults.append((object: digest.object, flaw: verdict.flaw ?? .format))
                }
                for log in digest.file?.logs ?? [] {
                    if let known = listings[log.object], known.isSigned || verdict != .valid { continue }
                    // What is hashed in another way can match nothing.
                    let hash = log.algorithm == DigestFile.knownHash ? Hexadecimal.bytes(log.sha256) : nil
                    listings[log.object] = Listing(sha256: hash ?? [], isSigned: verdict == .valid)
                    guard let key = CloudTrailKey(file: Array(log.object.key.utf8)), verifier.selection.has(key) else {
                        continue
                    }
                    if !present.contains(log.object.hashValue), try verifier.store.absence(of: log.object) != nil {
                        missing.insert(log.object)
                    }
                }
            }
        }
        self.listings = listings
        self.faults = faults
        self.missing = missing.sorted { $0.key < $1.key }
        (self.digests, invalidDigests, unverifiedDigests) = (digests, invalid, unverified)
        (keylessDigests, unreachableDigests) = (keyless, unreachable)
        pool = verifier.pool
        unlistedFolders = verifier.store.unlistedFolders
    }

    private static func isUnreachable(_ verdict: Verdict) -> Bool {
        verdict.outcome == .unverified && verdict.flaw == .unreadable
    }

    /// The hashes of the addresses of all that is there, with a key of this process.
    private static func present(_ verifier: TrailVerifier) throws -> Set<Int> {
        var hashes: Set<Int> = []
        try verifier.store.forEachObject(.all, of: verifier.selection) { hashes.insert($0.hashValue) }
        return hashes
    }

    /// True for the text of a digest file, whoever wrote it, that holds no events.
    ///
    /// - Parameter stream: The bytes.
    /// - Returns: False for anything else, damaged files among them.
    /// - Throws: What the stream throws.
    package func isDigest(_ stream: any ByteStream) throws -> Bool {
        let content = try pool.withReader { try $0.read(stream, keepsText: true) }
        guard content.flaw == nil, let json = StrictJSON.object(content.text), !json.has("Records") else {
            return false
        }
        return (try? DigestFile(content.text)) != nil
    }

    /// Reads a log file, and holds it against what is listed.
    ///
    /// - Parameters:
    ///   - object: Its address; nil for a file that has none.
    ///   - stream: Opens it; called where it is listed.
    /// - Returns: What it is.
    /// - Throws: What the stream throws.
    package func integrity(of object: ObjectAddress?, _ stream: () throws -> any ByteStream) throws -> LogIntegrity {
        guard let object, let listing = listings[object] else { return .unlisted }
        let content = try pool.withReader { try $0.read(try stream()) }
        guard content.flaw == nil, content.sha256 == listing.sha256 else { return .mismatch }
        return listing.isSigned ? .verified : .unsigned
    }
}

/// What a log file is by the digest files.
package enum LogIntegrity: String, Sendable, CaseIterable {
    /// A valid digest file lists it, with the hash of its text.
    case verified
    /// No digest file lists it.
    case unlisted
    /// It is not what is listed.
    case mismatch
    /// It is what is listed, by a digest file that is not valid, or of which nobody can tell.
    case unsigned
}

import MHPipeIO
import MHPipeKit

/// The log files that the digest files of a chain list, each read once.
struct LogChecks {
    private let checks: [ObjectAddress: Check]

    private enum Check: Sendable {
        case hash(String)
        case wrong(Verdict)
    }

    /// Reads the log files, several side by side.
    ///
    /// - Throws: `StageError` when the machine is at fault.
    init(_ digests: [LoadedDigest], _ verifier: TrailVerifier) throws {
        var known: Set<ObjectAddress> = []
        let objects = digests.flatMap { $0.file?.logs ?? [] }.map(\.object).filter { known.insert($0).inserted }
        let checks = try verifier.pool.map(objects, address: { $0 }) { try Self.check($1, $2) }
        self.checks = Dictionary(zip(objects, checks)) { first, _ in first }
    }

    private static func check(_ asked: AskedObject, _ reader: ObjectReader) throws -> Check {
        do {
            let content = try reader.read(try asked.open().stream)
            if let flaw = content.flaw { return .wrong(.invalid(flaw, content.detail)) }
            return .hash(Hexadecimal.text(content.sha256))
        } catch let error as MissingObject {
            return .wrong(.invalid(.notFound, error.detail))
        } catch let error as UnreachableObject {
            return .wrong(.unverified(.unreadable, error.reason))
        } catch let error as StageError where !error.endsRun {
            return .wrong(.invalid(.unreadable, error.message))
        }
    }

    /// What a log file is, by what a digest file says of it.
    ///
    /// - Parameters:
    ///   - log: What the digest file says.
    ///   - digest: What the digest file is.
    /// - Returns: The verdict.
    func verdict(_ log: DigestFile.Log, ofDigest digest: Verdict) -> Verdict {
        switch checks[log.object] {
        case .wrong(let verdict)?: return verdict
        case .hash(let hash)?:
            guard log.algorithm == DigestFile.knownHash else {
                return .invalid(.algorithm, "it is hashed by '\(log.algorithm)', not by '\(DigestFile.knownHash)'")
            }
            guard hash == log.sha256 else { return .invalid(.hash) }
            guard digest.outcome != .valid else { return .valid }
            return .unverified(.digest, "its hash is the one that is listed there")
        case nil: return .invalid(.notFound)
        }
    }
}

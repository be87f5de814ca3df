import MHPipeIO
import MHPipeKit

/// A digest file as it was read, before it is known who wrote it.
struct LoadedDigest: Sendable {
    let object: ObjectAddress
    let key: DigestKey
    /// What it says; nil when it cannot be read.
    private(set) var file: DigestFile?
    /// The hash of its text in hexadecimal digits; empty when there is none.
    private(set) var sha256 = ""
    /// What is wrong with it already.
    private(set) var flaw: Verdict?
    /// What is stored beside it; nil when nobody knows.
    private(set) var metadata: [String: String]?
    /// What it is, where its own signature is known: found out where it is read, side by side with others.
    private var ownVerdict: Verdict?

    /// Reads a digest file.
    ///
    /// - Returns: Nil when there is none.
    /// - Throws: `StageError` when the machine or the network is at fault.
    init?(_ listed: ListedDigest, _ asked: AskedObject, _ reader: ObjectReader, _ keys: TrailKeys) throws {
        (object, key) = (listed.object, listed.key)
        do {
            let stored = try asked.open()
            let content = try reader.read(stored.stream, keepsText: true)
            sha256 = Hexadecimal.text(content.sha256)
            metadata = try stored.metadata()
            if let wrong = content.flaw { flaw = .invalid(wrong, content.detail) }
            guard flaw == nil || !content.text.isEmpty else { return }
            do throws(DigestFile.Mistake) {
                file = try DigestFile(content.text)
            } catch {
                flaw = flaw ?? .invalid(error.flaw, error.detail)
            }
        } catch is MissingObject {
            return nil
        } catch let error as UnreachableObject {
            flaw = .unverified(.unreadable, error.reason)
        } catch let error as StageError where !error.endsRun {
            flaw = .invalid(.unreadable, error.message)
        }
        if metadata?["signature"] != nil { ownVerdict = verdict(keys, signature: nil) }
    }

    /// What it is.
    ///
    /// - Parameters:
    ///   - keys: The public keys, which are those that it was read with.
    ///   - later: Its signature as the next digest file has it, for a store that keeps no metadata.
    /// - Returns: The verdict.
    func verdict(_ keys: TrailKeys, signature later: String?) -> Verdict {
        if let ownVerdict { return ownVerdict }
        if let flaw { return flaw }
        guard let file else { return .invalid(.format) }
        if let metadata {
            guard metadata["signature"] != nil else { return .invalid(.signature, "its metadata has no 'signature'") }
            guard let algorithm = metadata["signature-algorithm"] else {
                return .invalid(.signature, "its metadata has no 'signature-algorithm'")
            }
            // A signature alone, in NAME.sig, comes without a time.
            if key.isBackfill, !metadata.keys.contains(SavedMetadata.signatureAlone),
                metadata["backfill-generation-timestamp"] == nil
            {
                return .invalid(.format, "its metadata has no 'backfill-generation-timestamp'")
            }
            if let unknown = Self.unknown(algorithm) { return unknown }
        }
        if file.object != object { return .invalid(.moved, "it was written to \(file.object)") }
        if let algorithm = file.signatureAlgorithm, let unknown = Self.unknown(algorithm) { return unknown }
        let known: PublicKeys
        switch keys.keys(of: key.chain.region) {
        case .known(let keys): known = keys
        case .missing(let reason): return .unverified(.noPublicKeys, reason)
        }
        guard let entry = known.key(file.fingerprint) else {
            return .invalid(
                .publicKey,
                "there is none for fingerprint \(file.fingerprint) of region \(key.chain.region)"
            )
        }
        guard let key = entry else { return .invalid(.publicKeyFormat, "with fingerprint \(file.fingerprint)") }
        guard let text = metadata?["signature"] ?? later else {
            return .unverified(
                .noSignature,
                "no later digest file holds it, and no metadata was saved: aws s3api head-object --bucket \(object.bucket) "
                    + "--key \(object.key) > \(object.name).metadata"
            )
        }
        guard let signature = Hexadecimal.bytes(text) else {
            return .invalid(.signature, "the signature is no hexadecimal number")
        }
        return key.verifies(signature, of: file.signedText(sha256: sha256)) ? .valid : .invalid(.signature)
    }

    private static func unknown(_ algorithm: String) -> Verdict? {
        algorithm == DigestFile.knownSignature
            ? nil : .invalid(.algorithm, "it is signed by '\(algorithm)', not by '\(DigestFile.knownSignature)'")
    }
}

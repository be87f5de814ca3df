/// What was found of a digest file or a log file.
package struct Verdict: Sendable, Hashable {
    /// Whether it is what CloudTrail has written.
    package enum Outcome: String, Sendable {
        case valid
        /// It is not, or is not there.
        case invalid
        /// Nobody can tell.
        case unverified
    }

    package let outcome: Outcome
    /// Why it is not valid; nil when it is.
    package let flaw: Flaw?
    /// What there is to say beside that.
    package let detail: String?

    package static let valid = Verdict(.valid, nil, nil)

    package static func invalid(_ flaw: Flaw, _ detail: String? = nil) -> Verdict { Verdict(.invalid, flaw, detail) }

    package static func unverified(_ flaw: Flaw, _ detail: String? = nil) -> Verdict {
        Verdict(.unverified, flaw, detail)
    }

    private init(_ outcome: Outcome, _ flaw: Flaw?, _ detail: String?) {
        self.outcome = outcome
        self.flaw = flaw
        self.detail = detail
    }
}

/// Why a digest file or a log file is not valid.
///
/// The words are those of `aws cloudtrail validate-logs` for what it finds as well.
package enum Flaw: String, Sendable, CaseIterable {
    case notFound = "not found"
    case unreadable = "cannot be read"
    case format = "invalid format"
    case trailingData = "unexpected data after end of compressed stream"
    case moved = "has been moved from its original location"
    case publicKey = "public key not found"
    case publicKeyFormat = "unable to load PKCS #1 key"
    case signature = "signature verification failed"
    case hash = "hash value doesn't match"
    case algorithm = "unknown algorithm"
    case previousHash = "hash value is not the one in the next digest file"
    case previousSignature = "signature is not the one in the next digest file"
    case order = "the chain of digest files leads forward in time"

    case noPublicKeys = "no public keys were given"
    case noSignature = "its signature is not known"
    case digest = "the digest file that lists it is not valid"
    case unlisted = "no digest file lists it"

    /// The name in reports.
    package var code: String {
        switch self {
        case .notFound: "not_found"
        case .unreadable: "unreadable"
        case .format: "format"
        case .trailingData: "trailing_data"
        case .moved: "moved"
        case .publicKey: "public_key"
        case .publicKeyFormat: "public_key_format"
        case .signature: "signature"
        case .hash: "hash"
        case .algorithm: "algorithm"
        case .previousHash: "previous_hash"
        case .previousSignature: "previous_signature"
        case .order: "order"
        case .noPublicKeys: "no_public_keys"
        case .noSignature: "no_signature"
        case .digest: "digest"
        case .unlisted: "unlisted"
        }
    }
}

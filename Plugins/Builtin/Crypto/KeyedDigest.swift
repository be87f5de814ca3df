import MHPipeIO

/// HMAC with SHA-256 (RFC 2104), as libcrypto has it.
final class KeyedDigest {
    private let key: [UInt8]
    private let hmac: HMAC
    /// What was asked for before: most of what is hashed comes again.
    private var known: [[UInt8]: [UInt8]] = [:]

    private static let mostKnown = 10_000

    /// Takes a key; throws when libcrypto is not there.
    init(key: [UInt8]) throws {
        self.key = key
        hmac = try HMAC()
    }

    /// The digest of some bytes, as 64 hexadecimal digits.
    func hexDigits(of bytes: [UInt8]) -> [UInt8] {
        if let digits = known[bytes] { return digits }
        let digits = Array(Hexadecimal.text(hmac.digest(of: bytes, key: key)).utf8)
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        known[bytes] = digits
        return digits
    }
}

import MHPipeKit

/// The keys of earlier runs, which are in files.
struct EarlierKeys {
    /// What a key is to those runs that have its hash.
    enum Standing {
        /// It came before.
        case seen
        /// Another one has that hash.
        case collides
    }

    private let fingerprints: any EarlierFingerprints

    init(_ fingerprints: any EarlierFingerprints) {
        self.fingerprints = fingerprints
    }

    /// True for the fingerprint of a key that came before.
    func has(_ fingerprint: Fingerprint) throws -> Bool {
        try fingerprints.find(fingerprint.high, low: fingerprint.low) != nil
    }

    /// Compares a key itself with the one that has its hash.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - hashed: Its fingerprint.
    ///   - hash: Makes the fingerprint of a key with a number, as a key has it whose hash was another's.
    /// - Returns: What it is; nil when no key has the hash.
    /// - Throws: `StageError` also when what stands there cannot be the key that had the hash.
    func standing(
        of key: [UInt8],
        _ hashed: Fingerprint,
        _ hash: ([UInt8], UInt8) -> Fingerprint
    ) throws -> Standing? {
        guard let low = try fingerprints.find(hashed.high, low: nil) else { return nil }
        guard let place = Int(exactly: low) else { throw fingerprints.damageOfTexts }
        let length = try fingerprints.text(KeyLog.lengthBytes, at: place).reversed().reduce(0) { $0 << 8 | Int($1) }
        let other = try fingerprints.text(length, at: place + KeyLog.lengthBytes)
        if other == key { return .seen }
        // Two keys of one hash are so rare that it costs nothing to see whether these are such.
        guard (UInt8.min ... .max).contains(where: { hash(other, $0).high == hashed.high }) else {
            throw fingerprints.damageOfTexts
        }
        return .collides
    }
}

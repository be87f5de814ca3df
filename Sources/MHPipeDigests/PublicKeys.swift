import MHPipeIO
package import MHPipeKit

/// The public keys of CloudTrail, by their fingerprints; each region has its own.
package struct PublicKeys: Sendable {
    /// Nil for one that is no RSA key.
    private var keys: [String: RSAPublicKey?] = [:]
    private var texts: [String: String] = [:]

    package init() {}

    package var isEmpty: Bool { keys.isEmpty }

    /// Adds what is in a file; see `add(_:from:)`.
    ///
    /// - Parameter file: The file.
    /// - Throws: `StageError` when it cannot be read, or is something else.
    package mutating func add(contentsOf file: FilePath) throws {
        var bytes: [UInt8] = []
        do {
            let lines = try LineReader(file)
            while let line = try lines.next() { bytes += line + [UInt8(ascii: "\n")] }
        } catch {
            throw StageError(error.description, advice: error.advice)
        }
        try add(bytes, from: file.text)
    }

    /// Adds what `aws cloudtrail list-public-keys` prints, once or several times in a row, for several regions.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: What messages call it.
    /// - Throws: `StageError` when it is something else.
    package mutating func add(_ bytes: [UInt8], from name: String) throws {
        let expected = "it has to hold what 'aws cloudtrail list-public-keys' prints: {\"PublicKeyList\": [...]}"
        guard let documents = StrictJSON.values(bytes), !documents.isEmpty else {
            throw StageError("'\(name)' holds no public keys: it is not JSON", advice: expected)
        }
        for document in documents {
            let list = document.kind == .array ? document : document["PublicKeyList"]
            guard let list, list.kind == .array else {
                throw StageError("'\(name)' holds no public keys: there is no 'PublicKeyList' in it", advice: expected)
            }
            for (number, entry) in list.elements.enumerated() {
                guard let fingerprint = entry.text("Fingerprint"), let value = entry.text("Value") else {
                    throw StageError(
                        "'\(name)': key \(number + 1) has no 'Fingerprint' or no 'Value'",
                        advice: expected
                    )
                }
                guard texts[fingerprint] == nil || texts[fingerprint] == value else {
                    throw StageError("'\(name)' has two different keys with the fingerprint \(fingerprint)")
                }
                texts[fingerprint] = value
                keys[fingerprint] = .some(
                    try Base64.bytes(value).flatMap { try RSAPublicKey(pkcs1: $0) }
                )
            }
        }
    }

    /// The key of a fingerprint: nil when there is none, and `.some(nil)` for one that is no RSA key.
    func key(_ fingerprint: String) -> RSAPublicKey?? { keys[fingerprint] }
}

/// The public keys of a region.
package enum RegionKeys: Sendable {
    case known(PublicKeys)
    /// There are none to be had, and why; nil where nobody was asked.
    case missing(String?)
}

/// The public keys that digest files are held against.
struct TrailKeys: Sendable {
    /// Nil when none were given.
    let given: PublicKeys?
    /// Those that were found in their place, by their regions.
    var found: [String: RegionKeys] = [:]

    /// True when there are keys, given or found, be it of one region only.
    var isThereAny: Bool {
        given != nil || found.values.contains { if case .known = $0 { true } else { false } }
    }

    /// The keys that digest files of a region may be signed by; what was given may be of any.
    func keys(of region: String) -> RegionKeys { given.map(RegionKeys.known) ?? found[region] ?? .missing(nil) }
}

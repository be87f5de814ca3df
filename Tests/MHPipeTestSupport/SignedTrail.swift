import Foundation
import MHPipeIO

/// A trail of one account and region with its digest files, an hour each from 2026-01-02T03:00:00Z on.
public struct SignedTrail {
    /// A digest file before it is signed.
    public struct Digest {
        /// Its key.
        public var key: String
        /// The keys of the object in their order, with their values as JSON.
        public var members: [(key: String, json: String)]
        /// What is stored beside it; nil for nothing.
        public var metadata: [String: String]?

        /// A value as JSON.
        public subscript(key: String) -> String? {
            get { members.first { $0.key == key }?.json }
            set {
                members.removeAll { $0.key == key }
                if let newValue { members.append((key, newValue)) }
            }
        }

        /// The text of the object.
        public var text: String { "{" + members.map { "\"\($0.key)\": \($0.json)" }.joined(separator: ", ") + "}" }
    }

    /// The keys of CloudTrail.
    public let signer: SigningKey
    /// The account.
    public let account: String
    /// The region.
    public let region: String
    private let homeRegion: String
    private let root: String
    /// The digest files, the oldest first.
    public private(set) var digests: [Digest] = []
    /// All files by their keys.
    public var files: [String: [UInt8]] = [:]

    /// The bucket of all of them.
    public static let bucket = "example-bucket"

    /// Makes a trail.
    ///
    /// - Parameters:
    ///   - signer: Who signs.
    ///   - hours: How many digest files there are.
    ///   - restarts: The hours at which a chain begins anew.
    ///   - root: What stands before the account in keys.
    ///   - account: The account.
    ///   - region: The region.
    ///   - homeRegion: Where the trail was made.
    ///   - records: What is in the log files of an hour, a text each.
    /// - Throws: When nothing can be signed.
    public init(
        _ signer: SigningKey,
        hours: Int = 4,
        restarts: Set<Int> = [],
        root: String = "AWSLogs",
        account: String = "111122223333",
        region: String = "us-west-2",
        homeRegion: String = "us-west-2",
        records: (Int) -> [String] = { ["{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"\($0)\"}]}"] }
    ) throws {
        (self.signer, self.root, self.account, self.region, self.homeRegion) = (
            signer, root, account, region, homeRegion
        )
        for hour in 0..<hours {
            let logs = records(hour).enumerated().map { number, text in
                let key = logKey(hour, number)
                files[key] = Self.gzip(text)
                return Self.listing(key, text)
            }
            digests.append(
                Digest(
                    key: digestKey(hour + 1),
                    members: [
                        ("awsAccountId", "\"\(account)\""), ("digestStartTime", "\"\(time(hour))\""),
                        ("digestEndTime", "\"\(time(hour + 1))\""), ("digestS3Bucket", "\"\(Self.bucket)\""),
                        ("digestS3Object", "\"\(digestKey(hour + 1))\""),
                        ("digestPublicKeyFingerprint", "\"\(signer.fingerprint)\""),
                        ("digestSignatureAlgorithm", "\"SHA256withRSA\""), ("newestEventTime", "null"),
                        ("oldestEventTime", "null"), ("logFiles", "[" + logs.joined(separator: ", ") + "]"),
                    ]
                )
            )
            try sign(hour, after: hour == 0 || restarts.contains(hour) ? nil : hour - 1)
        }
    }

    /// The key of a log file of an hour.
    public func logKey(_ hour: Int, _ number: Int) -> String {
        "\(root)/\(account)/CloudTrail/\(region)/2026/01/02/\(account)_CloudTrail_\(region)_"
            + "20260102T\(twoDigits(hour + 3))\(twoDigits(5 * number + 5))Z_\(String(repeating: "A", count: 16)).json.gz"
    }

    private func digestKey(_ hour: Int) -> String {
        "\(root)/\(account)/CloudTrail-Digest/\(region)/2026/01/02/\(account)_CloudTrail-Digest_\(region)_my_trail_"
            + "\(homeRegion)_20260102T\(twoDigits(hour + 3))0000Z.json.gz"
    }

    private func time(_ hour: Int) -> String { "2026-01-02T\(twoDigits(hour + 3)):00:00Z" }

    private func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    /// Signs a digest file as it is now, and stores it.
    ///
    /// - Parameters:
    ///   - place: Which one.
    ///   - previous: The one that it names as the one before it; nil where a chain begins.
    ///   - key: Who signs; nil for CloudTrail.
    /// - Throws: When nothing can be signed.
    public mutating func sign(_ place: Int, after previous: Int?, by key: SigningKey? = nil) throws {
        let before = previous.map { digests[$0] }
        let signature = before?.metadata?["signature"]
        digests[place]["previousDigestS3Bucket"] = before == nil ? "null" : "\"\(Self.bucket)\""
        digests[place]["previousDigestS3Object"] = before.map { "\"\($0.key)\"" } ?? "null"
        digests[place]["previousDigestHashValue"] = before.map { "\"\(Self.sha256($0.text))\"" } ?? "null"
        digests[place]["previousDigestHashAlgorithm"] = before == nil ? "null" : "\"SHA-256\""
        digests[place]["previousDigestSignature"] = signature.map { "\"\($0)\"" } ?? "null"
        try sign(place, by: key)
    }

    /// Signs a digest file as it is now, with whatever it says of the one before it, and stores it.
    public mutating func sign(_ place: Int, by key: SigningKey? = nil) throws {
        let digest = digests[place]
        func text(_ key: String) -> String { String((digest[key] ?? "").dropFirst().dropLast()) }
        let previous = digest["previousDigestSignature"] == "null" ? "null" : text("previousDigestSignature")
        let signed = """
            \(text("digestEndTime"))
            \(text("digestS3Bucket"))/\(text("digestS3Object"))
            \(Self.sha256(digest.text))
            \(previous)
            """
        digests[place].metadata = [
            "signature": try (key ?? signer).signature(of: signed), "signature-algorithm": "SHA256withRSA",
        ]
        store(place)
    }

    /// Stores a digest file as it is now, without signing it.
    public mutating func store(_ place: Int) { files[digests[place].key] = Self.gzip(digests[place].text) }

    /// Changes what a digest file says.
    public mutating func change(_ place: Int, _ change: (inout Digest) -> Void) { change(&digests[place]) }

    /// Writes all files below a folder, metadata beside the digest files.
    ///
    /// - Parameters:
    ///   - folder: Where they go.
    ///   - under: A folder in it.
    ///   - cut: What is left out of the beginning of keys.
    ///   - savesMetadata: False to leave out metadata.
    /// - Throws: When a file cannot be written.
    public func write(
        to folder: TemporaryDirectory,
        under: String = "copy",
        without cut: String = "",
        savesMetadata: Bool = true
    ) throws {
        for (key, bytes) in files { try folder.write(bytes, to: "\(under)/\(key.dropFirst(cut.count))") }
        for digest in digests where savesMetadata && files[digest.key] != nil {
            guard let metadata = digest.metadata else { continue }
            let json = String(decoding: try JSONEncoder().encode(["Metadata": metadata]), as: UTF8.self)
            try folder.write(json, to: "\(under)/\(digest.key.dropFirst(cut.count)).metadata")
        }
    }

    // MARK: - Texts

    /// An entry of `logFiles`.
    public static func listing(_ key: String, _ text: String) -> String {
        "{\"s3Bucket\": \"\(bucket)\", \"s3Object\": \"\(key)\", \"hashValue\": \"\(sha256(text))\", \"hashAlgorithm\": "
            + "\"SHA-256\"}"
    }

    /// The hash of a text in hexadecimal digits.
    public static func sha256(_ text: String) -> String {
        guard let hash = try? SHA256() else { return "" }
        hash.update(Array(text.utf8))
        return Hexadecimal.text(hash.finish())
    }

    /// A text as a gzip member, which is stored and not compressed.
    public static func gzip(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        for start in stride(from: 0, through: max(bytes.count - 1, 0), by: 65_535) {
            let block = bytes[start..<min(start + 65_535, bytes.count)]
            packed.append(start + 65_535 >= bytes.count ? 1 : 0)
            packed += littleEndian(UInt32(block.count)).prefix(2) + littleEndian(~UInt32(block.count)).prefix(2) + block
        }
        return packed + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~crc
    }
}

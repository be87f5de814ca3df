package import MHPipeKit

/// What a digest file says.
package struct DigestFile: Sendable {
    /// A log file that it lists.
    package struct Log: Sendable {
        package var object: ObjectAddress
        package var sha256: String
        package var algorithm: String
    }

    /// The digest file before it.
    struct Previous: Sendable {
        var object: ObjectAddress
        var sha256: String?
        var algorithm: String?
        var signature: String?
    }

    /// What is wrong with its form.
    struct Mistake: Error {
        var flaw = Flaw.format
        let detail: String
    }

    package let object: ObjectAddress
    package let start: Timestamp
    package let end: Timestamp
    let endText: String
    let fingerprint: String
    let signatureAlgorithm: String?
    /// What stands for the signature of the digest before it in what is signed.
    let previousSignature: String?
    /// Nil where a chain begins.
    let previous: Previous?
    package let logs: [Log]

    /// The way in which CloudTrail signs.
    static let knownSignature = "SHA256withRSA"
    /// The way in which it hashes.
    static let knownHash = "SHA-256"

    /// Reads the text of a digest file.
    ///
    /// - Parameter text: The decompressed text.
    /// - Throws: `Mistake`.
    init(_ text: [UInt8]) throws(Mistake) {
        guard let json = StrictJSON.object(text) else { throw Mistake(detail: "it is no JSON object") }
        func required(_ key: String) throws(Mistake) -> String {
            guard let value = json[key] else { throw Mistake(detail: "'\(key)' is missing") }
            guard let text = value.string else {
                throw Mistake(detail: "'\(key)' is no text: \(value.json.prefix(80))")
            }
            return text
        }
        func time(_ key: String) throws(Mistake) -> (Timestamp, String) {
            let text = try required(key)
            guard let time = Timestamp(rfc3339: text) else { throw Mistake(detail: "'\(key)' is no time: '\(text)'") }
            return (time, text)
        }
        func optional(_ key: String) throws(Mistake) -> String? {
            guard let value = json[key], !value.isNull else { return nil }
            return try required(key)
        }
        object = ObjectAddress(bucket: try required("digestS3Bucket"), key: try required("digestS3Object"))
        start = try time("digestStartTime").0
        (end, endText) = try time("digestEndTime")
        fingerprint = try required("digestPublicKeyFingerprint")
        signatureAlgorithm = try optional("digestSignatureAlgorithm")
        guard json.has("previousDigestSignature") else { throw Mistake(detail: "'previousDigestSignature' is missing") }
        previousSignature = try optional("previousDigestSignature")
        let (bucket, key) = (try optional("previousDigestS3Bucket"), try optional("previousDigestS3Object"))
        let hash = try optional("previousDigestHashValue")
        let hashAlgorithm = try optional("previousDigestHashAlgorithm")
        if let bucket, let key {
            previous = Previous(
                object: ObjectAddress(bucket: bucket, key: key),
                sha256: hash,
                algorithm: hashAlgorithm,
                signature: previousSignature
            )
        } else {
            previous = nil
        }
        guard start <= end else { throw Mistake(detail: "it ends before it begins") }
        logs = try Self.logs(json)
    }

    private static func logs(_ json: JSONValue) throws(Mistake) -> [Log] {
        guard let list = json["logFiles"], list.kind == .array else {
            throw Mistake(detail: "'logFiles' is no list")
        }
        var logs: [Log] = []
        for (number, entry) in list.elements.enumerated() {
            guard let bucket = entry.text("s3Bucket"), let key = entry.text("s3Object"),
                let hash = entry.text("hashValue")
            else {
                throw Mistake(detail: "entry \(number) of 'logFiles' lacks 's3Bucket', 's3Object' or 'hashValue'")
            }
            let algorithm = entry.text("hashAlgorithm") ?? ""
            logs.append(Log(object: ObjectAddress(bucket: bucket, key: key), sha256: hash, algorithm: algorithm))
        }
        return logs
    }

    /// What CloudTrail signs.
    ///
    /// - Parameter sha256: The hash of the digest file's text, in lower case.
    /// - Returns: Four lines, without an end behind the last.
    func signedText(sha256: String) -> [UInt8] {
        Array("\(endText)\n\(object.bucket)/\(object.key)\n\(sha256)\n\(previousSignature ?? "null")".utf8)
    }
}

import MHPipeIO
import MHPipeKit

/// The metadata of an object in a file beside its copy, since a copy of the bytes has none.
///
/// `NAME.metadata` holds what `aws s3api head-object` prints, or the names and values alone, and so does `NAME.metadata.json`,
/// which other sources would take for a log; `NAME.sig` holds the signature alone, as hexadecimal digits.
enum SavedMetadata {
    private static let documents = [".metadata", ".metadata.json"]
    private static let signature = ".sig"
    /// Marks what is read of a file that holds nothing but the signature; no name of metadata has a blank in it.
    static let signatureAlone = "signature alone"
    private static let awsPrefix = "x-amz-meta-"

    /// True for the name of such a file beside a digest file.
    static func isName(_ path: String) -> Bool {
        (documents + [signature]).contains { path.hasSuffix($0) && DigestKey(String(path.dropLast($0.count))) != nil }
    }

    /// Reads what is beside a file; nil when there is nothing.
    ///
    /// - Throws: `StageError` when it is there and is not what it should be.
    static func read(beside path: String) throws -> [String: String]? {
        for ending in documents {
            guard let bytes = try bytes(path + ending) else { continue }
            guard let object = StrictJSON.object(bytes) else {
                throw StageError("'\(path + ending)' is no JSON object", advice: advice)
            }
            return texts(object["Metadata"] ?? object)
        }
        guard let bytes = try bytes(path + signature) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        return ["signature": text, "signature-algorithm": DigestFile.knownSignature, signatureAlone: ""]
    }

    private static let advice = "'aws s3api head-object --bucket B --key K' prints what it has to hold"

    private static func texts(_ object: JSONValue) -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in object.members {
            let name = key.lowercased()
            texts[name.hasPrefix(awsPrefix) ? String(name.dropFirst(awsPrefix.count)) : name] = value.string
        }
        return texts
    }

    private static func bytes(_ path: String) throws -> [UInt8]? {
        guard let stream = try FolderStore.open(path) else { return nil }
        var bytes: [UInt8] = []
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 1)
        defer { unsafe room.deallocate() }
        while case let count = try unsafe stream.read(into: room), count > 0 {
            unsafe bytes.append(contentsOf: room[..<count])
            guard bytes.count <= 1 << 20 else {
                throw StageError("'\(path)' is larger than any metadata", advice: advice)
            }
        }
        return bytes
    }
}

import MHPipeKit
import MHPipeIO
import MHPipeKit

/// A folder by the path that was given, and by the one behind all symbolic links.
final class ResolvedFolder: Sendable {
    /// Each with a slash at its end.
    private let given: [UInt8]
    private let resolved: [UInt8]?
    /// What stands before the paths below the folder where they are keys: the path as it was given, when it says where keys
    /// begin, else the one behind all links, for the folder may be `.`.
    let keyPrefix: [UInt8]

    init(_ folder: FilePath) {
        given = Self.withSlash(folder)
        resolved = folder.resolved.map(Self.withSlash)
        let isKey = given.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("AWSLogs".utf8) }
        keyPrefix = isKey ? given : resolved ?? given
    }

    /// The path behind all links of a path below the folder that has none but those of the folder's own path.
    func resolved(_ path: FilePath) -> [UInt8]? {
        resolved.map { $0 + path.bytes.dropFirst(given.count) }
    }

    /// The part below the folder of a path behind all links; nil when it leads elsewhere.
    func below(_ path: [UInt8]) -> [UInt8]? {
        guard let resolved, path.starts(with: resolved) else { return nil }
        return Array(path.dropFirst(resolved.count))
    }

    /// The key of a path that begins with the folder's own.
    func key(of bytes: [UInt8]) -> CloudTrailKey? {
        CloudTrailKey(file: keyPrefix == given ? bytes : keyPrefix + bytes.dropFirst(given.count))
    }

    /// The path of something below the folder, as it was given.
    func path(_ below: [UInt8]) -> FilePath { FilePath(bytes: given + below) }

    /// The part below the folder of a path that begins with the folder's own, as it was given.
    func below(given path: FilePath) -> [UInt8] { Array(path.bytes.dropFirst(given.count)) }

    private static func withSlash(_ folder: FilePath) -> [UInt8] {
        let bytes = folder.bytes
        return bytes.last == UInt8(ascii: "/") ? bytes : bytes + [UInt8(ascii: "/")]
    }
}

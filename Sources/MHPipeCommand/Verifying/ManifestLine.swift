import MHPipeKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A line of a manifest, as far as `verify` looks at it.
struct ManifestLine: Decodable {
    /// A stage that reads or writes.
    struct Stage: Decodable {
        var name: String
        var paths: [String]
    }

    /// What the line is about: `run`, `input`, `output`, `end`.
    var type: String

    // Of the first line.
    var schema: Int?
    var directory: String?
    var sources: [Stage]?
    var sinks: [Stage]?

    // Of inputs and outputs.
    private var name: String?
    private var nameBase64: String?
    private var path: String?
    private var pathBase64: String?
    var kind: String?
    var sha256: String?
    var bytes: Int?
    var offset: Int?

    // Of the last line.
    var outcome: String?
    var committed: Bool?
    var exitCode: Int?
    var inputs: Int?
    var outputs: Int?
    var error: String?
    var sha256OfLinesBefore: String?

    /// The file that the line is about.
    var file: FilePath {
        if let bytes = (nameBase64 ?? pathBase64).flatMap({ Data(base64Encoded: $0) }) {
            return FilePath(bytes: Array(bytes))
        }
        return FilePath(bytes: Array((name ?? path ?? "").utf8))
    }

    /// Reads a line; nil when it is none of a manifest.
    init?(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(ManifestLine.self, from: Data(bytes)) else { return nil }
        self = line
    }
}

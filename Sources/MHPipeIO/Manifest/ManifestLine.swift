package import MHPipeKit

/// A line of a manifest, as far as those who read one again look at it.
package struct ManifestLine {
    /// A stage that reads or writes.
    package struct Stage {
        package var name: String
        package var paths: [String]
        /// Of a sink, the keys that all its events have from sources, and from nobody else.
        package var stamped: [String]
    }

    /// What the line is about: `run`, `input`, `output`, `end`.
    package let type: String
    /// The line itself, for what is asked for in one place only.
    package let object: JSONValue

    /// Reads a line; nil when it is none of a manifest.
    package init?(_ bytes: [UInt8]) {
        guard let object = StrictJSON.object(bytes), let type = object.text("type") else { return nil }
        (self.type, self.object) = (type, object)
    }

    // MARK: Of the first line

    package var schema: Int? { object["schema"]?.int }
    package var directory: String? { object.text("directory") }
    package var sources: [Stage] { stages("sources") }
    package var sinks: [Stage] { stages("sinks") }

    private func stages(_ key: String) -> [Stage] {
        (object[key]?.elements ?? []).map { stage in
            func texts(_ key: String) -> [String] { (stage[key]?.elements ?? []).compactMap(\.string) }
            return Stage(name: stage.text("name") ?? "", paths: texts("paths"), stamped: texts("stamped"))
        }
    }

    // MARK: Of inputs and outputs

    package var kind: String? { object.text("kind") }
    /// Of an output, the sink that wrote it.
    package var stage: String? { object.text("stage") }
    package var sha256: String? { object.text("sha256") }
    package var bytes: Int? { object["bytes"]?.int }
    package var offset: Int? { object["offset"]?.int }

    /// The file that the line is about.
    package var file: FilePath {
        let encoded = object.text("nameBase64") ?? object.text("pathBase64")
        if let bytes = encoded.flatMap(Base64.bytes) { return FilePath(bytes: bytes) }
        return FilePath(bytes: Array((object.text("name") ?? object.text("path") ?? "").utf8))
    }

    // MARK: Of the last line

    package var outcome: String? { object.text("outcome") }
    package var committed: Bool? { object["committed"]?.bool }
    package var exitCode: Int? { object["exitCode"]?.int }
    package var error: String? { object.text("error") }
    package var sha256OfLinesBefore: String? { object.text("sha256OfLinesBefore") }
}

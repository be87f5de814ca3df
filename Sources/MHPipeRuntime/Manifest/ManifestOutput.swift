import MHPipeIO
import MHPipeKit

/// A file that a run has put in its place, or what else a sink has written to, for the manifest.
///
/// The hash of a file is of it as it is read again behind its commit, so that what is said is what is there, whoever wrote it
/// and by which calls. Of a file that runs append to, it is of what this run has appended.
package struct ManifestOutput: Sendable {
    /// The stage that wrote it; `quarantine` for the quarantine.
    var stage: String
    /// The file, as the pipeline names it.
    var path: String
    /// The events in it; nil where nobody has counted them.
    var rows: Int?
    /// Of a file that runs append to, the bytes that were there before; nil for any other.
    var offset: Int?
    /// Nil for what is no file.
    var digest: FileDigest?
    /// True for what is not on this machine.
    var isObject = false

    /// An object of a bucket, whose bytes were hashed when they were sent.
    init(stage: String, object: String, rows: Int?, _ content: WrittenFile.Content) {
        (self.stage, path, self.rows) = (stage, object, rows)
        (digest, isObject) = (FileDigest(sha256: content.sha256, bytes: content.bytes), true)
    }

    /// Reads an output again.
    ///
    /// - Throws: `StageError` when it cannot be read.
    init(stage: String, path: String, rows: Int?, offset: Int? = nil) throws {
        (self.stage, self.path, self.rows, self.offset) = (stage, path, rows, offset)
        let file = FilePath(path)
        guard path != "-", let status = try? FileStatus(file), status.kind == .file else { return }
        do {
            digest = try FileDigest(file, from: offset ?? 0)
        } catch let failure as InputFailure {
            throw StageError("the output cannot be read again for the manifest: \(failure)")
        }
    }

    func append(to line: OutputBuffer) {
        line.append("{\"type\":\"output\",\"stage\":")
        line.append(json: stage)
        let path = isObject ? FilePath(bytes: Array(path.utf8)) : FilePath(path)
        line.append(",\"path\":")
        line.append(json: isObject ? self.path : path.text)
        if String(validating: path.bytes, as: UTF8.self) == nil {
            line.append(",\"pathBase64\":")
            line.append(
                json: unsafe path.bytes.withUnsafeBufferPointer {
                    unsafe String(decoding: Base64.encode($0), as: UTF8.self)
                }
            )
        }
        line.append(",\"kind\":\"\(digest == nil ? "stream" : isObject ? "object" : "file")\",\"sha256\":")
        line.append(json: digest.map { Hexadecimal.text($0.sha256) })
        line.append(
            ",\"bytes\":\(digest.map { "\($0.bytes)" } ?? "null"),\"rows\":\(rows.map { "\($0)" } ?? "null")"
        )
        if let offset, digest != nil { line.append(",\"offset\":\(offset)") }
        line.append("}\n")
    }
}

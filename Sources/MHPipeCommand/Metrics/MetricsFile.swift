import MHPipeKit

/// Where `--metrics-file` wants metrics: a file that node_exporter reads, which is replaced as a whole each time.
struct MetricsFile: Sendable {
    let path: String

    /// The time of the last commit that the file speaks of, so that a run that fails does not make it unknown.
    var lastCommit: Timestamp? {
        guard let bytes = WholeFile.read(path) else { return nil }
        let name = "mhpipe_last_commit_timestamp_seconds "
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        guard let seconds = line.flatMap({ Double($0.dropFirst(name.count)) }), seconds > 0, seconds < 1e11 else {
            return nil
        }
        return Timestamp(seconds: Int64(seconds), nanoseconds: Int32((seconds - seconds.rounded(.down)) * 1e9))
    }

    /// Replaces the file.
    ///
    /// - Throws: `StageError` when it cannot be written; the old file is as it was.
    func write(_ text: String) throws {
        var text = text
        do throws(OutputFailure) {
            let file = try Output.open(path)
            var failure: OutputFailure?
            text.withUTF8 { bytes in
                do throws(OutputFailure) {
                    try unsafe file.write(bytes)
                } catch {
                    failure = error
                }
            }
            if let failure {
                file.abort()
                throw failure
            }
            try file.finish()
            try file.commit()
        } catch {
            throw StageError("the metrics were not written: \(error.message)", advice: error.advice)
        }
    }
}

import MHPipeAWS
import MHPipeDigests
import MHPipeKit

extension S3Location {
    /// Where the digest files are that list the log files below this place, and which of them are about these.
    ///
    /// The digest files of an account are beside its log files, so that those of a folder below them are not in it.
    ///
    /// - Parameter asked: What is asked for of the log files.
    /// - Returns: The place, and what is asked for there.
    func trail(_ asked: TrailSelection) -> (S3Location, TrailSelection) {
        guard let kind = TrailFolder(key)?.kind, TrailFolder.isOfLogs(kind) else { return (self, asked) }
        var selection = asked
        if let found = CloudTrailKey(file: Array(key.utf8)) ?? CloudTrailKey(folder: Array(key.utf8)) {
            if let region = found.region { selection.regions = selection.regions ?? [region] }
            if let delivered = found.delivered {
                selection.since = max(selection.since ?? delivered.lowerBound, delivered.lowerBound)
                selection.until = min(selection.until ?? delivered.upperBound, delivered.upperBound)
            }
        }
        return (S3Location(bucket: bucket, key: String(key[..<kind.startIndex])), selection)
    }
}

import MHPipeKit

/// The options of a source that reads objects as messages announce them.
protocol AnnouncedOptions: ObjectSourceOptions, AbsentOptions {}

extension AnnouncedOptions {
    /// A digest file proves the log files of an hour, and is there when the hour is over; messages come before that.
    static func absence(of key: String) -> String? {
        guard key == "verify_digests" || key == "public_keys" else { return nil }
        return "digest files are delivered up to an hour behind the log files that they prove, and messages "
            + "do not wait for them: verify the bucket later with `mhpipe verify-trail s3://...`, or read it with source s3, "
            + "which takes 'verify_digests'"
    }
}

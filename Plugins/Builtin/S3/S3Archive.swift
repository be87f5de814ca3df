import MHPipeAWS

/// What to say of objects that cannot be read before they are restored.
enum S3Archive {
    /// Why one is not read, and the command that restores it.
    static func reason(_ place: S3Location, _ storageClass: String?, requesterPays: Bool) -> String {
        let archive = storageClass.map { " (\($0))" } ?? ""
        // It comes back for good there, and days are refused.
        let request = storageClass == "INTELLIGENT_TIERING" ? "'{}'" : "Days=7"
        return "it is archived\(archive) and cannot be read before it is restored: aws s3api restore-object "
            + "--bucket \(place.bucket) --key \(ShellWord.quoted(place.key)) --restore-request \(request)"
            + (requesterPays ? " --request-payer requester" : "")
    }
}

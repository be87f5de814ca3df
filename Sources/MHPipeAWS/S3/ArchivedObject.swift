/// What to say of an object that cannot be read before it is restored.
package enum ArchivedObject {
    /// The code that a request for one is refused with.
    package static let refusal = "InvalidObjectState"

    /// Why one is not read, and the command that restores it.
    package static func reason(
        _ place: S3Location,
        _ storageClass: String?,
        version: String? = nil,
        requesterPays: Bool
    ) -> String {
        let archive = storageClass.map { " (\($0))" } ?? ""
        // It comes back for good there, and days are refused.
        let request = storageClass == "INTELLIGENT_TIERING" ? "'{}'" : "Days=7"
        return "it is archived\(archive) and cannot be read before it is restored: aws s3api restore-object "
            + "--bucket \(place.bucket) --key \(ShellWord.quoted(place.key)) --restore-request \(request)"
            + (version.map { " --version-id \(ShellWord.quoted($0))" } ?? "")
            + (requesterPays ? " --request-payer requester" : "")
    }
}

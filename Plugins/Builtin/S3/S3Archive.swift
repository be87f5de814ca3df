import MHPipeAWS

/// What to say of objects that cannot be read before they are restored.
enum S3Archive {
    /// Why one is not read, and the command that restores it.
    static func reason(_ place: S3Location, _ storageClass: String?, requesterPays: Bool) -> String {
        let archive = storageClass.map { " (\($0))" } ?? ""
        // It comes back for good there, and days are refused.
        let request = storageClass == "INTELLIGENT_TIERING" ? "'{}'" : "Days=7"
        return "it is archived\(archive) and cannot be read before it is restored: aws s3api restore-object "
            + "--bucket \(place.bucket) --key \(quoted(place.key)) --restore-request \(request)"
            + (requesterPays ? " --request-payer requester" : "")
    }

    /// As a shell takes it.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        return isPlain
            ? text : "'" + text.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }
}

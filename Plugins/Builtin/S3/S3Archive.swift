import MHPipeAWS
import MHPipeKit

/// What to say of objects that cannot be read before they are restored.
enum S3Archive {
    /// How many were found, by their listing or when they were asked for; any thread may count.
    final class Tally: Sendable {
        private let state = Locked(0)

        var count: Int { state.withLock { $0 } }

        func add() { state.withLock { $0 += 1 } }
    }

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

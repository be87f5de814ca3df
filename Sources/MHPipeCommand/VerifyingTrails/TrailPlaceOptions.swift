import MHPipeAWS
import MHPipeKit

/// How a bucket is reached, as far as the environment and ~/.aws do not say it.
struct TrailPlaceOptions: Sendable {
    var profile: String?
    var region: RegionName?
    var endpoint: EndpointURL?
    var certificates: InputPath?
    var customerKey: InputPath?
    var requesterPays = false
    var anonymous = false

    static let parameters: [Parameter<TrailPlaceOptions>] = [
        .option(
            "profile",
            "NAME",
            \.profile,
            "The profile of ~/.aws/config for the bucket; else what AWS_PROFILE names."
        ),
        .option(
            "bucket-region",
            "REGION",
            \.region,
            "The region of the bucket; else that of the environment or the profile, or the one that the bucket is in."
        ),
        .option("endpoint", "URL", \.endpoint, "The server of the bucket, where that is not AWS's own."),
        .option(
            "ca-file",
            "FILE",
            \.certificates,
            "The certificates that are trusted in the place of those of the system."
        ),
        .option(
            "customer-key",
            "FILE",
            \.customerKey,
            "The key of objects that are encrypted with a key of your own (SSE-C)."
        ),
        .flag("requester-pays", \.requesterPays, "You pay for the requests, where the bucket's owner wants that."),
        .flag("anonymous", \.anonymous, "Requests go without credentials, for what anybody may read."),
    ]

    /// The names of those that were given.
    var given: [String] {
        [
            ("profile", profile != nil), ("bucket-region", region != nil), ("endpoint", endpoint != nil),
            ("ca-file", certificates != nil), ("customer-key", customerKey != nil), ("requester-pays", requesterPays),
            ("anonymous", anonymous),
        ].filter(\.1).map(\.0)
    }

    var forAWS: AWSOptions {
        var options = AWSOptions()
        options.profile = profile
        options.region = region?.text
        options.endpoint = endpoint?.endpoint
        options.certificates = certificates?.path
        options.signs = !anonymous
        return options
    }

    /// What requests for objects have beside the rest.
    ///
    /// - Throws: `UsageError` when the key cannot be read.
    func extras() throws(UsageError) -> S3Bucket.Extras {
        var extras = S3Bucket.Extras()
        extras.requesterPays = requesterPays
        do {
            extras.customerKey = try customerKey.map { try S3CustomerKey(file: $0.path) }
        } catch {
            let error = StageError(wrapping: error)
            throw UsageError.refused(error.message, advice: error.adviceLines)
        }
        return extras
    }
}

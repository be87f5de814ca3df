import MHPipeAWS
import MHPipeKit

/// What the options of a plugin say of how AWS is reached.
struct ConnectionOptions: Sendable {
    var anonymous = false
    var profile: String?
    var region: RegionName?
    var endpoint: EndpointURL?
    var pathStyle: Bool?
    var dualStack: Bool?
    var fips: Bool?
    var proxy: String?
    var certificates: InputPath?

    /// The same for whoever connects.
    var forAWS: AWSOptions {
        var options = AWSOptions()
        options.signs = !anonymous
        options.profile = profile
        options.region = region?.text
        options.endpoint = endpoint?.endpoint
        options.usesPathStyle = pathStyle
        options.usesDualStack = dualStack
        options.usesFIPS = fips
        options.proxy = proxy
        options.certificates = certificates?.path
        return options
    }
}

/// The options of a plugin that talks to AWS.
protocol ConnectingOptions: PluginOptions {
    var connection: ConnectionOptions { get set }
}

extension ConnectingOptions {
    /// The declarations of `connection`, for the end of `all`.
    static var connecting: [Option<Self>] {
        [
            .optional(
                "anonymous",
                \.connection.anonymous,
                "Whether requests go without credentials, for what anybody may read."
            ),
            .optional(
                "profile",
                \.connection.profile,
                "The profile of ~/.aws/config that says how to sign in; left out, what AWS_PROFILE names, or default.",
                example: "audit"
            ),
            .optional(
                "region",
                \.connection.region,
                "The region; left out, that of the environment or the profile, or the one that the bucket is in.",
                example: "eu-west-1"
            ),
            .optional(
                "endpoint",
                \.connection.endpoint,
                "The server, where that is not AWS's own; left out, what AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names.",
                example: "https://s3.example.com"
            ),
            .optional(
                "path_style",
                \.connection.pathStyle,
                "Whether the bucket stands in the path of requests and not in the name of the host; left out, it does with an "
                    + "endpoint of your own and for names with dots."
            ),
            .optional(
                "dual_stack",
                \.connection.dualStack,
                "Whether AWS's hosts for IPv4 and IPv6 are asked; left out, as the environment or the profile says."
            ),
            .optional(
                "fips",
                \.connection.fips,
                "Whether AWS's hosts that are validated for FIPS 140 are asked; left out, as the environment or the profile says."
            ),
            .optional(
                "proxy",
                \.connection.proxy,
                "The proxy; left out, what HTTPS_PROXY names.",
                example: "http://proxy.example.com:3128"
            ),
            .optional(
                "ca_file",
                \.connection.certificates,
                "The certificates that are trusted in the place of those of the system, in PEM; left out, what AWS_CA_BUNDLE names.",
                example: "ca.pem"
            ),
        ]
    }
}

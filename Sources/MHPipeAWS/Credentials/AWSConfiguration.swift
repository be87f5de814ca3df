import MHPipeKit

/// How AWS is reached: what options, environment and profile say, in this order.
package struct AWSConfiguration: Sendable {
    package let options: AWSOptions
    package let environment: AWSEnvironment
    package let files: ProfileFiles
    /// The profile's name.
    package let profile: String

    /// - Throws: `StageError` when a profile that is named is not there, or cannot be read.
    package init(_ options: AWSOptions, environment: AWSEnvironment = .process) throws {
        self.options = options
        self.environment = environment
        files = ProfileFiles(environment)
        let named = options.profile ?? environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
        profile = named ?? "default"
        if let named, files.profiles[named] == nil {
            if let failure = files.failure { throw failure }
            let known = files.profiles.keys.sorted()
            let near = Suggestion.nearest(to: named, among: known).map { "did you mean '\($0)'?" }
            throw StageError(
                "there is no profile '\(named)' in ~/.aws/config or ~/.aws/credentials",
                advice: near ?? (known.isEmpty ? nil : "there are: \(known.joined(separator: ", "))")
            )
        }
    }

    private var section: ProfileFiles.Section { files.profiles[profile] ?? [:] }

    /// The region; nil when nobody names one.
    package var region: String? {
        options.region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? section["region"]
    }

    package var usesFIPS: Bool {
        options.usesFIPS ?? environment.flag("AWS_USE_FIPS_ENDPOINT") ?? AWSEnvironment.flag(
            section["use_fips_endpoint"]
        )
            ?? false
    }

    package var usesDualStack: Bool {
        options.usesDualStack ?? environment.flag("AWS_USE_DUALSTACK_ENDPOINT")
            ?? AWSEnvironment.flag(section["use_dualstack_endpoint"]) ?? false
    }

    /// A file of certificates that are trusted in the place of those of the system.
    package var certificates: String? { options.certificates ?? environment["AWS_CA_BUNDLE"] ?? section["ca_bundle"] }

    /// Where environment or profile say that a service is asked; nil for where AWS has it.
    ///
    /// - Parameter service: As the variables name it: `S3`.
    /// - Returns: The endpoint.
    /// - Throws: `StageError` when it is no address.
    package func ownEndpoint(of service: String) throws -> AWSEndpoint? {
        let ignores =
            environment.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            ?? AWSEnvironment.flag(section["ignore_configured_endpoint_urls"])
        guard ignores != true else { return nil }
        let services = section["services"].flatMap { files.services[$0] } ?? [:]
        let places = [
            ("AWS_ENDPOINT_URL_\(service.uppercased())", environment["AWS_ENDPOINT_URL_\(service.uppercased())"]),
            ("AWS_ENDPOINT_URL", environment["AWS_ENDPOINT_URL"]),
            ("endpoint_url of the profile's services", services["\(service.lowercased()).endpoint_url"]),
            ("endpoint_url of the profile", section["endpoint_url"]),
        ]
        guard let (name, text) = places.lazy.compactMap({ name, text in text.map { (name, $0) } }).first else {
            return nil
        }
        guard let endpoint = AWSEndpoint(text) else {
            // A password may stand in front of an @.
            let shown = text.contains("@") ? "" : ": '\(text)'"
            throw StageError("\(name) is no address such as https://s3.example.com, with no user\(shown)")
        }
        return endpoint
    }

    /// Where AWS has a service.
    ///
    /// - Parameters:
    ///   - service: The name that hosts have: `s3`.
    ///   - region: The region.
    /// - Returns: The endpoint.
    package func usualEndpoint(of service: String, _ region: String) -> AWSEndpoint {
        let partition = AWSPartition(region: region)
        let suffix = usesDualStack ? partition.dualStackSuffix : partition.suffix
        let name = usesFIPS ? "\(service)-fips" : service
        // S3 alone has its own names for it.
        let isS3 = service == "s3"
        if isS3, usesDualStack { return AWSEndpoint(host: "\(name).dualstack.\(region).\(partition.suffix)") }
        return AWSEndpoint(host: "\(name).\(region).\(suffix)")
    }
}

/// The part of AWS that a region is in, which hosts are named by.
struct AWSPartition {
    let suffix: String
    let dualStackSuffix: String

    private static let others = [
        ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"), ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
        ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"), ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"), ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ]

    init(region: String) {
        let found = Self.others.first { region.hasPrefix($0.0) }
        suffix = found?.1 ?? "amazonaws.com"
        dualStackSuffix = found?.2 ?? "api.aws"
    }
}

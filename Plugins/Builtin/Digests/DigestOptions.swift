import MHPipeDigests
import MHPipeKit

/// What the options of a source say of proof by digest files.
struct DigestOptions: Sendable {
    var verifyDigests: DigestMode?
    var publicKeys: [InputPath] = []

    /// The same for whoever verifies; nil where nothing is.
    ///
    /// - Throws: `OptionError` for keys that nobody asks for.
    func settings() throws(OptionError) -> TrailIntegrity.Settings? {
        guard verifyDigests != nil || publicKeys.isEmpty else {
            throw OptionError(option: "public_keys", "does nothing without 'verify_digests'")
        }
        return verifyDigests.map { TrailIntegrity.Settings(mode: $0, publicKeys: publicKeys) }
    }

    /// What events get.
    var adds: [EventField] {
        verifyDigests == nil
            ? [] : [EventField(TrailIntegrity.key, .oneOf(LogIntegrity.allCases.map(\.rawValue)))]
    }
}

/// The options of a source whose files digest files may prove.
protocol VerifyingOptions: PluginOptions {
    var digests: DigestOptions { get set }
}

extension VerifyingOptions {
    /// The declarations of `digests`.
    static var verifying: [Option<Self>] {
        [
            .optional(
                "verify_digests",
                \.digests.verifyDigests,
                "What becomes of log files that CloudTrail's digest files beside them do not prove: warn reads them, quarantine "
                    + "passes them over as files that cannot be read, fail ends the run; events get `integrity`.",
                example: "quarantine"
            ),
            .optional(
                "public_keys",
                \.digests.publicKeys,
                "The public keys for the digest files, as `aws cloudtrail list-public-keys` prints them.",
                example: "[keys.json]"
            ),
        ]
    }
}

/// What a plugin says of how AWS is reached, in the place of environment and profile.
package struct AWSOptions: Sendable {
    /// False for what anybody may read.
    package var signs = true
    package var profile: String?
    package var region: String?
    /// Of the service that the plugin is for; others that credentials come from are not asked there.
    package var endpoint: AWSEndpoint?
    /// Nil to tell by the bucket's name and the endpoint.
    package var usesPathStyle: Bool?
    package var usesDualStack: Bool?
    package var usesFIPS: Bool?
    package var proxy: String?
    package var certificates: String?

    package init() {}
}

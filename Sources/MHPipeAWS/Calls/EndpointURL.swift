package import MHPipeKit

/// Where a server is asked, as an option.
package struct EndpointURL: OptionValue, Hashable {
    package let endpoint: AWSEndpoint

    package static var typeName: String { "an address such as https://s3.example.com" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let endpoint = node.text.flatMap({ AWSEndpoint($0) }) else {
            throw OptionError("needs \(Self.typeName), with no user and no query\(node.insteadOfAddress)")
        }
        self.endpoint = endpoint
    }

    package var optionText: String { "\(endpoint.scheme)://\(endpoint.host)\(endpoint.basePath)" }
}

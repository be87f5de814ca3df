package import MHPipeKit

/// Where a server is asked, as an option.
package struct EndpointURL: OptionValue, Hashable {
    package let endpoint: AWSEndpoint

    package static var typeName: String { "an address such as https://s3.example.com" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let endpoint = node.text.flatMap({ AWSEndpoint($0) }) else {
            // A password may stand in front of an @.
            let shown = node.text?.contains("@") == true ? "" : ", not \(node.shown)"
            throw OptionError("needs an address such as https://s3.example.com, with no user and no query\(shown)")
        }
        self.endpoint = endpoint
    }

    package var optionText: String { "\(endpoint.scheme)://\(endpoint.host)\(endpoint.basePath)" }
}

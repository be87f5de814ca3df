/// Where a queue of SQS is: `https://sqs.eu-central-1.amazonaws.com/123456789012/name`.
package struct QueueAddress: Sendable, Hashable {
    /// The address as it was written, which requests name the queue by.
    package let url: String
    package let endpoint: AWSEndpoint
    package let account: String
    package let name: String

    /// Reads the address of a queue; nil for anything else.
    package init?(_ url: String) {
        guard var endpoint = AWSEndpoint(url) else { return nil }
        let parts = endpoint.basePath.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.count >= 2, let name = parts.last, let account = parts.dropLast().last,
            Self.isName(name), !account.isEmpty, !url.hasSuffix("/")
        else { return nil }
        endpoint.basePath = ""
        self.url = url
        self.endpoint = endpoint
        self.name = String(name)
        self.account = String(account)
    }

    /// True for one that keeps the order of its messages.
    package var isFIFO: Bool { name.hasSuffix(".fifo") }

    /// The region that the host is named by; nil where it is named by none.
    package var region: String? {
        let labels = endpoint.host.prefix { $0 != ":" }.split(separator: ".").map(String.init)
        guard
            endpoint.host.contains(".amazonaws.") || endpoint.host.contains(".api.aws")
                || endpoint.host.contains(".api.amazonwebservices.")
        else { return nil }
        // The old names: `eu-west-1.queue.amazonaws.com`, and `queue.amazonaws.com`, which is the first region.
        if labels.first == "queue" { return "us-east-1" }
        if labels.dropFirst().first == "queue" { return labels.first }
        guard let service = labels.firstIndex(where: { $0 == "sqs" || $0 == "sqs-fips" }), service + 1 < labels.count
        else { return nil }
        return labels[service + 1]
    }

    private static func isName(_ text: Substring) -> Bool {
        let name = text.hasSuffix(".fifo") ? text.dropLast(5) : text
        return 1...80 ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

import Testing

@testable import MHPipeAWS

@Suite struct QueueAddressTests {
    @Test(
        arguments: [
            ("https://sqs.eu-central-1.amazonaws.com/123456789012/trail", "eu-central-1"),
            ("https://sqs.us-gov-west-1.amazonaws.com/123456789012/trail.fifo", "us-gov-west-1"),
            ("https://sqs-fips.us-east-2.amazonaws.com/123456789012/trail", "us-east-2"),
            ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/trail", "cn-north-1"),
            ("https://sqs.eu-west-1.api.aws/123456789012/trail", "eu-west-1"),
            ("https://eu-west-1.queue.amazonaws.com/123456789012/trail", "eu-west-1"),
            ("https://queue.amazonaws.com/123456789012/trail", "us-east-1"),
            ("https://vpce-0a-b.sqs.us-west-2.vpce.amazonaws.com/123456789012/trail", "us-west-2"),
            ("http://127.0.0.1:5555/123456789012/trail", nil), ("http://localhost/000000000000/trail", nil),
            ("http://proxy.example.com/sqs/123456789012/trail", nil),
        ] as [(String, String?)]
    )
    func knowsTheRegion(url: String, region: String?) throws {
        let address = try #require(QueueAddress(url))
        #expect(address.region == region)
        #expect(address.name.hasPrefix("trail"))
        #expect(address.isFIFO == url.hasSuffix(".fifo"))
        #expect(address.url == url)
        #expect(address.endpoint.basePath.isEmpty)
    }

    @Test(arguments: [
        "", "trail", "arn:aws:sqs:eu-west-1:123456789012:trail", "https://sqs.eu-west-1.amazonaws.com",
        "https://sqs.eu-west-1.amazonaws.com/trail", "https://sqs.eu-west-1.amazonaws.com/123456789012/",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/tr ail", "https://a:b@sqs.eu-west-1.amazonaws.com/1/trail",
        "s3://bucket/key", "https://sqs.eu-west-1.amazonaws.com/1/trail?x=1",
        "https://sqs.eu-west-1.amazonaws.com//trail",
    ])
    func knowsWhatIsNoQueue(url: String) {
        #expect(QueueAddress(url) == nil)
    }
}

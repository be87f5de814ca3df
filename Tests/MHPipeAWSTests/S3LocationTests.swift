import Testing

@testable import MHPipeAWS

@Suite struct S3LocationTests {
    @Test(arguments: [
        ("s3://bucket", "bucket", ""), ("s3://bucket/", "bucket", ""),
        ("s3://my.bucket_1/a/b c", "my.bucket_1", "a/b c"),
        ("s3://bucket//a", "bucket", "/a"), ("s3://bucket/a?b#c", "bucket", "a?b#c"),
    ])
    func reads(url: String, bucket: String, key: String) {
        #expect(S3Location(url) == S3Location(bucket: bucket, key: key))
    }

    @Test(arguments: [
        "", "bucket/a", "s3:/bucket", "s3://", "s3://ab/", "s3://b@d/", "s3:///a", "S3://bucket", "s3://bücket/",
    ])
    func refuses(url: String) {
        #expect(S3Location(url) == nil)
    }

    @Test(arguments: [
        ("https://h", "https://h"), ("HTTP://H:80/", "http://h"), ("http://h:9000", "http://h:9000"),
        ("https://h:443/a/", "https://h/a"), ("https://h:8443", "https://h:8443"),
    ])
    func readsEndpoints(url: String, read: String) {
        let endpoint = AWSEndpoint(url)
        #expect(endpoint.map { "\($0.scheme)://\($0.host)\($0.basePath)" } == read)
    }

    @Test(arguments: ["", "h", "ftp://h", "https://", "https://u:p@h", "https://h?x", "https://h/#a", "https:///a"])
    func refusesEndpoints(url: String) {
        #expect(AWSEndpoint(url) == nil)
    }
}

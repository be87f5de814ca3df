import MHPipeIO
import MHPipeKit
import Testing

@testable import MHPipeAWS

@Suite struct SignatureV4Tests {
    struct Vector: CustomTestStringConvertible {
        let lines: [String]

        var testDescription: String { lines[0] }
        var method: String { String(lines[1].prefix { $0 != " " }) }
        var target: String { String(lines[1].drop { $0 != " " }.dropFirst()) }
        var headers: [(name: String, value: String)] {
            lines[2...].filter { !$0.hasPrefix("> ") && !$0.hasPrefix("= ") }.map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (String(parts[0]), parts[1].split(separator: "\\n").joined(separator: "\n"))
            }
        }
        var body: String { lines.first { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) } ?? "" }
        var signature: String { String(lines[lines.count - 1].dropFirst(2)) }

        static let all = SignatureVectors.text.split(separator: "\n\n").map { block in
            Vector(lines: block.split(separator: "\n").map(String.init))
        }
    }

    private static let credentials = AWSCredentials(
        accessKey: "AKIDEXAMPLE",
        secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        origin: "a test"
    )

    @Test(arguments: Vector.all)
    func signsAsPublished(vector: Vector) throws {
        let target = vector.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var request = AWSRequest(vector.method, AWSEndpoint(host: "example.amazonaws.com"), scope: nil)
        if target.count == 2 {
            request.query = target[1].split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map { PercentEncoding.decoded($0) }
                return (parts[0], parts.count == 2 ? parts[1] : "")
            }
        }
        let hash = try SHA256()
        hash.update(Array(vector.body.utf8))
        let canonical = CanonicalRequest(
            method: vector.method,
            path: String(target[0]),
            query: request.encodedQuery,
            headers: vector.headers + [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
            payload: Hexadecimal.text(hash.finish()),
            encodesPathAgain: true
        )
        let value = try SignatureV4().authorization(
            canonical,
            Self.credentials,
            SigningScope(service: "service", region: "us-east-1"),
            "20150830T123600Z"
        )
        #expect(value.hasSuffix("Signature=\(vector.signature)"))
        #expect(value.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "))
    }

    @Test func knowsAllVectors() {
        #expect(Vector.all.count > 25)
    }

    /// The example of S3's own documentation, whose paths are encoded once.
    @Test func signsForS3() throws {
        var request = AWSRequest(
            "GET",
            AWSEndpoint(host: "examplebucket.s3.amazonaws.com"),
            path: "/test.txt",
            scope: nil
        )
        request.headers = [("Range", "bytes=0-9")]
        request.scope = SigningScope(service: "s3", region: "us-east-1")
        let credentials = AWSCredentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE",
            secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            origin: "a test"
        )
        let time = try #require(Timestamp(rfc3339: "2013-05-24T00:00:00Z"))
        let sent = try SignatureV4().signed(request, credentials, at: time)
        let value = try #require(sent.headers.last { $0.name == "Authorization" }?.value)
        #expect(value.hasSuffix("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
        #expect(sent.url == "https://examplebucket.s3.amazonaws.com/test.txt")
    }

    @Test func keysOfS3AreSentAsTheyAreSigned() {
        var request = AWSRequest("GET", AWSEndpoint(host: "h"), path: "/b/a//b/../c d+e(1)é", scope: nil)
        request.query = [("prefix", "a/b c"), ("acl", ""), ("b", "+")]
        #expect(request.url == "https://h/b/a//b/../c%20d%2Be%281%29%C3%A9?acl=&b=%2B&prefix=a%2Fb%20c")
    }

    @Test func showsNoSecret() {
        var credentials = Self.credentials
        credentials.sessionToken = "TOKEN"
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("wJalr") && !text.contains("TOKEN"), "\(text)")
        }
    }
}

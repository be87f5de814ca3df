import MHPipeKit
import Testing

@testable import MHPipeAWS

/// The name of a region that CloudTrail is asked for keys in comes from a bucket, and becomes a part of a host's name.
@Suite struct PublicKeyCallTests {
    @Test(arguments: [
        "us-east-1", "ap-southeast-7", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1",
        "xx-new-12",
    ])
    func asksRegions(name: String) {
        #expect(PublicKeyCall.isRegion(name))
    }

    @Test(arguments: [
        "", "us-east", "us-east-", "-us-east-1", "us--1", "us-east-1a", "us-east-123", "US-EAST-1", "us-eäst-1",
        "us-east-1\n",
        "evil.example#", "evil.example?", "evil.example:443/", "x@evil.example", "evil.example-a-1", "us-east-1.evil",
        "s3", "s3-website-us-east-1", "a b-c-1", "us-east-east-east-east-1",
        "us-" + String(repeating: "a", count: 60) + "-1",
    ])
    func asksNoHostOfAnotherName(name: String) throws {
        let environment = AWSEnvironment([
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        ])
        let call = try #require(try PublicKeyCall(AWSConnection(AWSOptions(), environment: environment)))
        let failure = #expect(throws: AWSFailure.self) { try call.list(name, .now..<(.now)) }
        // It would be the connection where anybody had been asked.
        guard case .mismatch? = failure?.cause else { return #expect(Bool(false), "\(String(describing: failure))") }
    }
}

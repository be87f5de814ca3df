import MHPipeIO
import Testing

@testable import MHPipeAWS

@Suite struct UploadAnswersTests {
    private static let body = Array("some bytes".utf8)
    private static let other = "\"00000000000000000000000000000000\""

    private static func response(_ headers: [(name: String, value: String)]) -> HTTPResponse {
        HTTPResponse(status: 200, headers: headers)
    }

    @Test func answersAreHeldAgainstHashes() throws {
        let checksums = try BodyChecksums(Self.body)
        let headers = Dictionary(uniqueKeysWithValues: checksums.headers.map { ($0.name, $0.value) })
        let sha256 = try #require(headers["X-Amz-Checksum-Sha256"])
        let right = "\"\(Hexadecimal.text(try MessageDigest.hash(Self.body, by: .md5)))\""
        for (headers, isSame) in [
            ([("etag", right), ("x-amz-checksum-sha256", sha256)], true),
            ([("etag", right)], true), ([("etag", Self.other)], false),
            ([("etag", right), ("x-amz-checksum-sha256", "AAAA")], false),
            ([("etag", Self.other), ("x-amz-checksum-sha256", sha256)], false),
            // What is no MD5 says nothing.
            ([("etag", "\"opaque\"")], true),
            ([("etag", Self.other), ("x-amz-server-side-encryption", "aws:kms")], true),
            ([("etag", Self.other), ("x-amz-server-side-encryption-customer-algorithm", "AES256")], true),
            ([("etag", Self.other), ("x-amz-server-side-encryption", "AES256")], false),
        ] {
            #expect(checksums.agree(with: Self.response(headers)) == isSame, "\(headers)")
        }
    }

    @Test func listsOfPartsAreRead() throws {
        let part = "<Part><PartNumber>3</PartNumber><ETag>&quot;ab&quot;</ETag><Size>7</Size></Part>"
        let head =
            "<?xml version=\"1.0\"?><ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>3</NextPartNumberMarker>"
        let parts = try #require(UploadedParts(Array("\(head)\(part)</ListPartsResult>".utf8)))
        #expect(parts.parts[3]?.size == 7 && parts.parts[3]?.tag == "ab" && parts.next == 3)
        for text in [
            "", "<Error/>", "\(head)\(part)", "<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>",
            "\(head)<Part><PartNumber>1</PartNumber></Part></ListPartsResult>",
        ] {
            #expect(UploadedParts(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test func partsAreListedInTheirOrder() {
        let parts = [UploadedPart(size: 1, etag: "\"a\"", checksum: "x="), UploadedPart(size: 1, etag: "b<")]
        let text = String(decoding: UploadedPart.list(parts), as: UTF8.self)
        #expect(
            text.contains(
                "<Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag><ChecksumSHA256>x=</ChecksumSHA256></Part>"
            )
        )
        #expect(text.contains("<Part><PartNumber>2</PartNumber><ETag>b&lt;</ETag></Part>"))
    }

    @Test func errorsAreToldWhateverTheStatusSays() {
        for (body, isError) in [
            ("<Error><Code>InternalError</Code></Error>", true),
            (" \n \n<?xml version=\"1.0\"?>\n<Error><Code>x</Code></Error>", true),
            ("<CompleteMultipartUploadResult><Error/></CompleteMultipartUploadResult>", false), ("", false),
        ] {
            #expect(HTTPResponse(status: 200, body: Array(body.utf8)).isError == isError, "\(body)")
        }
    }
}

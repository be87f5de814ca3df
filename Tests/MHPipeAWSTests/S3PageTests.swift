import Testing

@testable import MHPipeAWS

@Suite struct S3PageTests {
    @Test func readsObjectsAndFolders() throws {
        let page = try #require(
            S3Page(
                Array(
                    """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix/>
                    <IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b==</NextContinuationToken>
                    <Contents><Key>a+b%2Bc%26</Key><ETag>&quot;0a&quot;</ETag><Size>12</Size><StorageClass>STANDARD</StorageClass>
                    <Owner><ID>x</ID></Owner></Contents>
                    <Contents><Key>c</Key><ETag>"1"</ETag><Size>3</Size><StorageClass>GLACIER</StorageClass></Contents>
                    <Contents><Key>d</Key><ETag>"2"</ETag><Size>3</Size><StorageClass>DEEP_ARCHIVE</StorageClass><RestoreStatus>
                    <IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-06-01T00:00:00Z</RestoreExpiryDate>
                    </RestoreStatus></Contents>
                    <CommonPrefixes><Prefix>d%2F</Prefix></CommonPrefixes><EncodingType>url</EncodingType></ListBucketResult>
                    """.utf8
                )
            )
        )
        #expect(page.objects.map(\.key) == ["a b+c&", "c", "d"])
        #expect(page.objects.map(\.etag) == ["0a", "1", "2"])
        #expect(page.objects.map(\.size) == [12, 3, 3])
        #expect(page.objects.map(\.isArchived) == [false, true, false])
        #expect(page.folders == ["d/"])
        #expect(page.next == "a&b==")
    }

    @Test func readsVersionsAndDeleteMarkers() throws {
        let page = try #require(
            S3Page(
                Array(
                    """
                    <ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>b+c</NextKeyMarker>
                    <NextVersionIdMarker>v2</NextVersionIdMarker>
                    <Version><Key>a</Key><VersionId>v1</VersionId><IsLatest>false</IsLatest><ETag>"1"</ETag><Size>3</Size></Version>
                    <Version><Key>b+c</Key><VersionId>null</VersionId><IsLatest>true</IsLatest><ETag>"2"</ETag><Size>4</Size></Version>
                    <DeleteMarker><Key>a</Key><VersionId>v3</VersionId><IsLatest>true</IsLatest></DeleteMarker>
                    <EncodingType>url</EncodingType></ListVersionsResult>
                    """.utf8
                )
            )
        )
        #expect(page.objects.map(\.key) == ["a", "a", "b c"])
        #expect(page.objects.map(\.versionID) == ["v1", "v3", "null"])
        #expect(page.objects.map(\.isDeleteMarker) == [false, true, false])
        #expect(page.objects.map(\.isLatest) == [false, true, true])
        #expect(page.next == "b c\0v2")
    }

    @Test(arguments: [
        "", "<Error><Code>X</Code></Error>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key></Contents>", "{}", "<ListBucketResult",
        "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>9223372036854775808</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
    ])
    func refusesWhatIsNoWholePage(text: String) {
        #expect(S3Page(Array(text.utf8)) == nil)
    }
}

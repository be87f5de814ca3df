import Testing

@testable import MHPipeAWS

@Suite struct HTTPHeadersTests {
    private static func headers(_ lines: [String]) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for line in lines { headers.append(Array(line.utf8)) }
        return headers
    }

    @Test(arguments: [
        (["ETag: \"a\""], "\"a\""), (["etag:\"a\""], "\"a\""), (["ETAG:  \t x y \t"], "x y"), (["Etag:"], ""),
        (["ETag: one", "Date: x", "eTaG: two"], "two"), (["ETag: a:b"], "a:b"), (["x-etag: a"], nil),
        (["etags: a"], nil), (["etag"], nil), ([], nil), (["", "etag: é"], "é"), (["Eta: g: x"], nil),
        // An underscore is no hyphen in another case, and no other byte is a letter in one.
        (["e\u{14}ag: x"], nil),
    ])
    func findsTheLastOfAName(lines: [String], value: String?) {
        #expect(Self.headers(lines)["etag"] == value)
    }

    @Test func handsOutNamesInLowerCase() {
        let all = Self.headers(["Content-Length: 3", "no header", "", "X-Amz-Meta-A: b", "X-AMZ-META-A:c"]).all
        #expect(all.map(\.name) == ["content-length", "x-amz-meta-a", "x-amz-meta-a"])
        #expect(all.map(\.value) == ["3", "b", "c"])
    }

    @Test func keepsWhatItIsGiven() {
        let response = HTTPResponse(status: 206, headers: [("content-range", "bytes 0-1/9"), ("etag", "\"x\"")])
        #expect(response["content-range"] == "bytes 0-1/9")
        #expect(response.headers.map(\.value) == ["bytes 0-1/9", "\"x\""])
        #expect(response.totalBytes == 9)
    }
}

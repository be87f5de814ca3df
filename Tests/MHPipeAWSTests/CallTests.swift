import MHPipeKit
import Testing

@testable import MHPipeAWS

@Suite struct CallTests {
    private static let object = AWSRequest(
        "GET",
        AWSEndpoint(host: "h"),
        headers: [("If-Match", "\"e\""), ("Range", "bytes=100-199")],
        scope: nil
    )

    private func part(_ first: Int, _ bytes: Int, etag: String = "e", status: Int = 206) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [("etag", etag), ("content-range", "bytes \(first)-\(first + bytes - 1)/500")],
            body: [UInt8](repeating: 1, count: bytes)
        )
    }

    @Test func theRestIsAskedFor() {
        let rest = Self.object.resuming(part(100, 30))
        #expect(rest.headers.last?.value == "bytes=130-199")
        #expect(rest.headers.count == 2)
        var whole = Self.object
        whole.headers = [("If-Match", "\"e\"")]
        #expect(whole.resuming(HTTPResponse(status: 200, body: [1, 2])).headers.last?.value == "bytes=2-")
        #expect(Self.object.resuming(nil).headers.last?.value == "bytes=100-199")
    }

    @Test func onlyWhatGoesOnIsPutTogether() {
        let begun = part(100, 30)
        #expect(part(130, 70).completing(begun)?.body.count == 100)
        #expect(part(131, 70).completing(begun) == nil)
        #expect(part(130, 70, etag: "f").completing(begun) == nil)
        #expect(part(130, 70, status: 200).completing(begun) == nil)
        #expect(part(130, 70).completing(nil)?.body.count == 70)
        #expect(part(130, 0).joined(to: begun) == nil)
    }

    @Test(arguments: [
        (503, "", "", true), (429, "", "", true),
        (500, "<Error><Code>InternalError</Code></Error>", "InternalError", true),
        (400, "<Error><Code>RequestTimeout</Code></Error>", "RequestTimeout", true), (403, "", "AccessDenied", false),
        (404, "", "NotFound", false), (501, "", "", false), (502, "<html>", "", true),
        (400, #"{"__type":"com.amazonaws.sqs#ThrottlingException","message":"m"}"#, "ThrottlingException", true),
        (404, "<Error><Code>NoSuchKey</Code></Error>", "NoSuchKey", false),
    ])
    func knowsWhatMayPass(status: Int, body: String, code: String, mayPass: Bool) {
        let refusal = AWSRefusal(HTTPResponse(status: status, body: Array(body.utf8)))
        #expect(refusal.code == code)
        #expect(refusal.mayPass == mayPass)
    }

    @Test(arguments: [
        (
            403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
            true
        ),
        (
            403, "SignatureDoesNotMatch", "Signature expired: 20260531T000000Z is now earlier than 20260531T120000Z",
            true
        ),
        (400, "InvalidSignatureException", "Signature not yet current: 20260531T130000Z is still later than", true),
        (403, "SignatureDoesNotMatch", "The request signature we calculated does not match", false),
        (403, "AccessDenied", "Access Denied", false),
    ])
    func knowsAClockThatIsWrong(status: Int, code: String, message: String, isOfClock: Bool) {
        let body = "<Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
        let refusal = AWSRefusal(HTTPResponse(status: status, body: Array(body.utf8)))
        #expect(refusal.isOfClock == isOfClock)
        #expect((refusal.advice == "the clock of this machine is wrong") == isOfClock)
    }

    @Test func tellsWhatIsOfOneRequestFromWhatIsOfAll() {
        let broken = AWSFailure.Cause.refused(AWSRefusal(HTTPResponse(status: 500)))
        var failure = AWSFailure(cause: broken, host: "h")
        #expect(failure.isOfAll && failure.mayBeOfOne)
        failure.isOfOne = true
        #expect(!failure.isOfAll && !failure.mayBeOfOne)
        for cause in [
            AWSFailure.Cause.connection(HTTPFailure(.noConnection, "x")), .stopped, .noCredentials(StageError("x")),
        ] {
            var failure = AWSFailure(cause: cause, host: "h")
            failure.isOfOne = true
            #expect(failure.isOfAll && !failure.mayBeOfOne)
        }
    }

    /// The time of a server is taken over once, and said once.
    @Test func takesOverTheClockOfAServer() {
        let said = Locked<[String]>([])
        let clock = ServerClock { text in said.withLock { $0.append(text) } }
        let real = Timestamp.now.advanced(by: .seconds(-7 * 3600))
        #expect(clock.adopt(real, of: "s3", insteadOf: .zero))
        #expect(!clock.adopt(real, of: "s3", insteadOf: clock.skew))
        #expect(clock.now.duration(since: real) < .seconds(60))
        #expect(said.withLock { $0 }.count == 1)
        #expect(said.withLock { $0.first }?.contains("7 hours ahead of that of s3") == true)
    }

    @Test func keepsNothingThatIsSigned() {
        let body = """
            <Error><Code>SignatureDoesNotMatch</Code><Message>no match.</Message><AWSAccessKeyId>AKIAX</AWSAccessKeyId>
            <StringToSign>AWS4</StringToSign><RequestId>r</RequestId></Error>
            """
        let refusal = AWSRefusal(HTTPResponse(status: 403, body: Array(body.utf8)))
        #expect(refusal.description == "403 SignatureDoesNotMatch: no match")
        #expect(refusal.requestID == "r")
        var dumped = ""
        dump(refusal, to: &dumped)
        #expect(!dumped.contains("AKIAX") && !dumped.contains("AWS4"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("one\n\nThe Canonical String\nx-amz-security-token:T", "one"), ("\r\none\r\ntwo", "one"),
        ("it needs 'Signature'. Authorization=AWS4 x", "it needs 'Signature'. "), ("a AUTHORIZATION=x", "a "),
        ("the token \(String(repeating: "Ab+/", count: 10)) is bad", "the token ... is bad"),
        ("x-amz-security-token:\(String(repeating: "Ab%2B", count: 10))", "..."),
        (
            "User: arn:aws:sts::1:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/a may not",
            "User: arn:aws:sts::1:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/a may not"
        ),
    ])
    func messagesQuoteNothingThatIsSigned(said: String, kept: String) {
        #expect(AWSRefusal.withoutSecrets(said) == kept)
    }

    @Test func whatIsWrongWithOneObjectEndsNoRun() {
        #expect(!AWSFailure(cause: .mismatch("m"), host: "h").isOfAll)
        #expect(AWSFailure(cause: .connection(HTTPFailure(.broken, "m")), host: "h").isOfAll)
    }

    @Test func retriesWaitForTheirShare() {
        var budget = RetryBudget()
        let start = ContinuousClock.now
        var waits: [Duration] = []
        for _ in 0..<140 { waits.append(budget.take(at: start)) }
        #expect(waits.prefix(100).allSatisfy { $0 == .zero })
        #expect(waits[139] > .seconds(1) && waits[139] < .seconds(3))
        #expect(budget.take(at: start + .seconds(60)) == .zero)
    }

    @Test(arguments: [
        ("Sun, 31 May 2026 12:55:01 GMT", "2026-05-31T12:55:01Z"), ("", nil), ("Sun, 31 May 2026", nil),
        ("a b c d e f", nil),
    ])
    func readsDates(text: String, time: String?) {
        #expect(Timestamp(httpDate: text) == time.flatMap { Timestamp(rfc3339: $0) })
    }
}

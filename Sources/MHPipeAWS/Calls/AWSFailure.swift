package import MHPipeKit

/// Why a service of AWS did not do what it was asked.
package struct AWSFailure: Error, Sendable {
    package enum Cause: Sendable {
        /// The service has said no.
        case refused(AWSRefusal)
        /// There was no answer, or not all of it.
        case connection(HTTPFailure)
        /// It answered with something else than what was asked for, in these words.
        case mismatch(String)
        /// There is nothing to sign with.
        case noCredentials(StageError)
        /// Nobody waits for it any more.
        case stopped
    }

    package var cause: Cause
    /// Who was asked.
    package var host: String
    /// How often, when more than once.
    package var attempts = 1
    /// True when others have succeeded meanwhile, so that it is this request that does not.
    package var isOfOne = false

    package var refusal: AWSRefusal? { if case .refused(let refusal) = cause { refusal } else { nil } }

    /// True when nobody waits for it any more.
    package var isStopped: Bool { if case .stopped = cause { true } else { false } }

    /// True when it is no fault of what was asked for: the network, the service as a whole, or the credentials.
    package var isOfAll: Bool {
        switch cause {
        case .refused(let refusal): refusal.mayPass && !isOfOne || refusal.isOfCredentials
        case .mismatch: false
        case .connection(let failure): failure.kind != .broken || !isOfOne
        case .noCredentials, .stopped: true
        }
    }

    /// True when the same may succeed later: the network, or a service that is busy or ill.
    var isTemporary: Bool {
        switch cause {
        case .refused(let refusal): refusal.mayPass
        case .connection(let failure): failure.kind != .untrusted
        case .mismatch, .noCredentials, .stopped: false
        }
    }

    /// True when nobody knows yet whether it is this request alone that does not succeed.
    var mayBeOfOne: Bool {
        guard !isOfOne else { return false }
        switch cause {
        case .refused(let refusal): return refusal.mayPass && !refusal.isOfCredentials
        case .connection(let failure): return failure.kind == .broken
        case .mismatch, .noCredentials, .stopped: return false
        }
    }

    /// What happened, without what was asked for.
    package var reason: String {
        let times = attempts > 1 ? " (\(attempts) times)" : ""
        switch cause {
        case .refused(let refusal): return refusal.description + times
        case .connection(let failure): return "\(host) does not answer: \(failure)\(times)"
        case .mismatch(let what): return what + times
        case .noCredentials(let error): return error.message
        case .stopped: return "the run is over"
        }
    }

    /// What the user may do about it.
    package var advice: String? {
        switch cause {
        case .refused(let refusal): refusal.advice
        case .connection(let failure) where failure.kind == .untrusted:
            "if the server has a certificate of your own authority, name it with `ca_file` or AWS_CA_BUNDLE"
        case .noCredentials(let error): error.advice
        case .connection, .mismatch, .stopped: nil
        }
    }
}

/// What a service said when it refused.
package struct AWSRefusal: Sendable, CustomStringConvertible {
    package var status: Int
    /// Such as `AccessDenied`; empty when it gave none.
    package var code = ""
    package var message = ""
    /// The region that the bucket is in, where the service names it.
    package var region: String?
    package var requestID: String?
    /// True where a delete marker is the latest version of the object.
    package var isDeleteMarker: Bool
    /// That of an archived object, where the service names it.
    package var storageClass: String?

    /// Reads an answer that is no success.
    ///
    /// What is signed stands in some of them, so nothing else of it is kept.
    package init(_ response: HTTPResponse) {
        status = response.status
        requestID = response["x-amz-request-id"] ?? response["x-amzn-requestid"]
        region = response["x-amz-bucket-region"]
        isDeleteMarker = response["x-amz-delete-marker"] == "true"
        if response.body.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            let body = JSONValue(parsing: String(decoding: response.body, as: UTF8.self))
            code = (body?["__type"] ?? body?["code"] ?? body?["Code"])?.string ?? ""
            code = code.split(separator: "#").last.map(String.init) ?? code
            message = (body?["message"] ?? body?["Message"])?.string ?? ""
        } else {
            var reader = XMLReader(response.body)
            while let step = reader.next() {
                switch step {
                case .start("Code"): code = reader.text()
                case .start("Message"): message = reader.text()
                case .start("StorageClass"): storageClass = reader.text()
                case .start("Region"): region = region ?? reader.text()
                case .start("RequestId"), .start("RequestID"): requestID = requestID ?? reader.text()
                default: break
                }
            }
        }
        message = Self.withoutSecrets(message)
        if code.isEmpty { code = Self.usualCode(status) }
    }

    /// An answer to HEAD has no body.
    private static func usualCode(_ status: Int) -> String {
        switch status {
        case 403: "AccessDenied"
        case 404: "NotFound"
        case 412: "PreconditionFailed"
        default: ""
        }
    }

    /// True when the same request may succeed a little later.
    package var mayPass: Bool {
        [429, 500, 502, 503, 504].contains(status) || Self.passing.contains(code)
    }

    /// True when the clock of this machine is what is wrong.
    var isOfClock: Bool {
        ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"].contains(code)
            // The words of services other than S3, whose code is that of any wrong signature.
            || message.hasPrefix("Signature expired") || message.hasPrefix("Signature not yet current")
    }

    /// True when what was signed with has ended.
    var isOfExpiry: Bool { Self.expired.contains(code) }

    /// True when a permission is missing.
    package var isOfPermission: Bool {
        code == "AccessDenied" || code == "AccessDeniedException" || status == 403 && advice == nil
    }

    /// True when no request that is signed so will succeed.
    var isOfCredentials: Bool { isOfExpiry || isOfClock || Self.wrong.contains(code) }

    static let passing: Set<String> = [
        "SlowDown", "InternalError", "RequestTimeout", "RequestTimeoutException", "Throttling", "ThrottlingException",
        "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "ServiceUnavailable", "PriorRequestNotComplete",
        "IDPCommunicationError", "ConditionalRequestConflict", "OperationAborted",
    ]
    private static let expired: Set<String> = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]
    private static let wrong: Set<String> = [
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidClientTokenId", "UnrecognizedClientException",
        "InvalidToken",
        "IncompleteSignature", "AuthFailure",
    ]

    package var description: String {
        let code = code.isEmpty ? "" : " \(code)"
        var message = message
        while message.last == "." || message.last == " " { message.removeLast() }
        return "\(status)\(code)" + (message.isEmpty ? "" : ": \(message)")
    }

    package var advice: String? {
        switch code {
        case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException":
            "the access key is not known there; look at AWS_ACCESS_KEY_ID, AWS_PROFILE and ~/.aws/credentials"
        case "SignatureDoesNotMatch" where !isOfClock:
            "the secret key does not belong to the access key, or was cut off when it was copied"
        case _ where isOfExpiry: "the credentials have ended; sign in again, for example with `aws sso login`"
        case _ where isOfClock: "the clock of this machine is wrong"
        default: nil
        }
    }
}

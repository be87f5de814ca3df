import Foundation

/// Small trail files.
enum Trail {
    /// A file as CloudTrail delivers it.
    static func file(_ records: [String]) -> String {
        #"{"Records":["# + records.joined(separator: ",") + "]}"
    }

    /// A call of Migration Hub.
    static let hubCall =
        #"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"ana"},"eventTime":"2024-05-01T00:00:00Z","#
        + #""eventSource":"mgh.amazonaws.com","eventName":"NotifyMigrationTaskState","awsRegion":"us-west-2"}"#

    /// The same, compressed with gzip.
    static let hubCallInGzip = Data(base64Encoded: hubCallInBase64) ?? Data()

    private static let hubCallInBase64 =
        "H4sIAAAAAAACAzWOyw6CMBBF/2XWlBSiiWHnkgUsAF24m+CIjWlr2kGChH+3PExmdc+ZmzsBfcjwlZxX1kAGSSxPEEHvyeX3"
        + "QBSPkE3A45sCzc/FJZBdKFEvIRqEOdqKGrVGqUwPQh6FTBops/VusCu17V27SLp7xqjxaw0OPm6t/ht7b2lZPcZCdQ45jGvQ"
        + "v2pGpqCFh4q6bXHvxUCeRQrzDw6++vnOAAAA"

    /// A call of another service.
    static let otherCall =
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2024-05-01T00:00:01Z","#
        + #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1"}"#
}

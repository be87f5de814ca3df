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

    /// A call of another service.
    static let otherCall =
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2024-05-01T00:00:01Z","#
        + #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1"}"#
}

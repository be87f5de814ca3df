/// Records that every transform and sink must be able to take.
enum ConformanceRecords {
    static let all =
        ordinary
        + identities.map { #"{"eventSource":"migrationhub.amazonaws.com","eventName":"X","userIdentity":\#($0)}"# }
        + odd

    private static let ordinary = [
        #"{"eventVersion":"1.08","eventTime":"2026-01-02T03:04:05Z","eventSource":"migrationhub.amazonaws.com","eventName":"NotifyMigrationTaskState","awsRegion":"us-west-2","readOnly":false,"userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:session","arn":"arn:aws:sts::123456789012:assumed-role/Mover/session","accountId":"123456789012","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::123456789012:role/Mover","accountId":"123456789012","userName":"Mover"},"attributes":{"mfaAuthenticated":"false"}}},"requestParameters":{"progressUpdateStream":"DMS","migrationTaskName":"task-1","task":{"status":"IN_PROGRESS","progressPercent":50,"statusDetail":"half"}},"responseElements":null,"recipientAccountId":"123456789012","eventType":"AwsApiCall"}"#,
        #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","readOnly":true,"userIdentity":{"type":"IAMUser","userName":"Alice","arn":"arn:aws:iam::123456789012:user/Alice","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE"}}"#,
        #"{"eventVersion":"1.09","eventSource":"mgh.amazonaws.com","eventName":"ListMigrationTasks","userIdentity":{"type":"Root","accountId":"123456789012"}}"#,
        #"{"eventVersion":"1.10","eventSource":"discovery.amazonaws.com","eventName":"DescribeAgents","userIdentity":{"type":"AWSService","invokedBy":"discovery.amazonaws.com"}}"#,
        #"{"eventVersion":"1.11","eventName":"CreateProgressUpdateStream","eventSource":null}"#,
    ]

    /// What stands under `userIdentity` and should not, or hardly ever does.
    private static let identities = [
        "null", "{}", "[]", "7", "true", #""text""#, #"{"type":null}"#, #"{"type":""}"#, #"{"type":{"a":1}}"#,
        #"{"type":"Nobody knows"}"#, #"{"type":"AssumedRole"}"#, #"{"type":"AssumedRole","sessionContext":null}"#,
        #"{"type":"AssumedRole","sessionContext":{"sessionIssuer":[]}}"#, #"{"arn":"arn:"}"#, #"{"arn":":::::"}"#,
        #"{"type":"IAMUser","userName":"a\u0022\ud800\n","type":"Root"}"#, #"{"principalId":":"}"#,
        #"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user\/\u00e9"}"#,
        #"{"type":"SAMLUser","userName":null,"identityProvider":{}}"#, #"{"type":"AWSAccount","accountId":123}"#,
        #"{"type":"IdentityCenterUser","onBehalfOf":{"userId":null}}"#, #"{"t\u0079pe":"Root"}"#,
    ]

    private static let odd = [
        "{}", #"{"a":1}"#, "{ \"a\" : [ 1 , { } ] , \"eventName\" :\t\"spaced\" }",
        #"{"identity":1,"migration":{"x":2}}"#,
        #"{"eventName":{"a":1},"eventSource":["migrationhub.amazonaws.com"],"requestParameters":"x"}"#,
        #"{"eventName":"","eventSource":""}"#, #"{"eventSource":"migrationhub.amazonaws.com"}"#,
        #"{"\u0065ventName":"escaped","event\u0053ource":"migrationh\u0075b.amazonaws.com"}"#,
        #"{"eventName":"a","eventName":"b","eventSource":"config.amazonaws.com","eventSource":"migrationhub.amazonaws.com"}"#,
        #"{"n":1.50,"big":123456789012345678901234567890,"text":"é 😀 \ud83d\ude00 \u0000 \\ \" \/"}"#,
        "{\"deep\":" + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}",
        "{\"long\":\"" + String(repeating: "long text ", count: 5000) + "\"}",
    ]
}

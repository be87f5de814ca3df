import Foundation
import MHPipeTestSupport

/// A small trail of one day that has an answer for every question of `docs/questions.md`.
enum AskedTrail {
    static func key(_ time: String) -> String {
        "111122223333_CloudTrail_us-east-1_20260501\(time)_QgmW7YvRpMAMsWNl.json"
    }

    static func write(to folder: TemporaryDirectory) throws {
        let place = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/01/"
        try folder.write(Trail.file(events + events.prefix(1)), to: place + key("T2355Z"))
        try folder.write(Trail.file([event("04-30T23:00:00", "s3", "ListBuckets", ann)]), to: "AWSLogs/before.json")
    }

    private static let ann = user("IAMUser", "user/ann", #","userName":"ann","accessKeyId":"AKIAIOSFODNN7EXAMPLE""#)
    private static let bob = user("IAMUser", "user/bob", #","userName":"bob""#)
    private static let root = user("Root", "root", "")
    private static let session = user(
        "AssumedRole",
        "assumed-role/Mig/work",
        """
        ,"accessKeyId":"ASIAIOSFODNN7EXAMPLE","principalId":"AROAI:work","sessionContext":{"sessionIssuer":{"type":"Role",\
        "arn":"arn:aws:iam::111122223333:role/Mig","userName":"Mig"}}
        """
    )
    private static let service = #"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#
    private static let foreign =
        #"{"type":"AWSAccount","principalId":"AIDAX","accountId":"444455556666"}"#

    private static func user(_ type: String, _ arn: String, _ rest: String) -> String {
        let service = arn.hasPrefix("assumed") ? "sts" : "iam"
        return
            #"{"type":"\#(type)","arn":"arn:aws:\#(service)::111122223333:\#(arn)","accountId":"111122223333"\#(rest)}"#
    }

    private static func event(
        _ time: String,
        _ service: String,
        _ name: String,
        _ user: String,
        request: String = "null",
        _ rest: String = ""
    ) -> String {
        """
        {"eventVersion":"1.08","eventTime":"2026-\(time)Z","eventSource":"\(service).amazonaws.com","eventName":"\(name)",\
        "awsRegion":"us-east-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.1","userIdentity":\(user),\
        "requestParameters":\(request)\(rest),"eventID":"\(time)-\(name)","eventType":"AwsApiCall","readOnly":\
        \(name.hasPrefix("List")),"recipientAccountId":"111122223333"}
        """
    }

    /// A task that hears nothing more.
    static let update = event(
        "05-01T03:00:00",
        "mgh",
        "NotifyMigrationTaskState",
        session,
        request: """
            {"progressUpdateStream":"s","migrationTaskName":"server-42","nextUpdateSeconds":60,\
            "task":{"status":"IN_PROGRESS","progressPercent":10,"statusDetail":"copying"}}
            """
    )

    private static let events = [
        update,
        event(
            "05-01T02:00:00",
            "sts",
            "AssumeRole",
            ann,
            request: #"{"roleArn":"arn:aws:iam::111122223333:role/Mig","roleSessionName":"work"}"#,
            """
            ,"responseElements":{"credentials":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE"},"assumedRoleUser":\
            {"assumedRoleId":"AROAI:work","arn":"arn:aws:sts::111122223333:assumed-role/Mig/work"}}
            """
        ),
        event(
            "05-01T04:00:00",
            "mgh",
            "NotifyApplicationState",
            session,
            request: #"{"applicationId":"app","status":"IN_PROGRESS"}"#
        ),
        event(
            "05-01T05:00:00",
            "mgn",
            "ChangeServerLifeCycleState",
            bob,
            request: #"{"sourceServerID":"s-1","lifeCycle":{"state":"READY_FOR_CUTOVER"}}"#
        ),
        event("05-01T06:00:00", "mgn", "StartCutover", session, request: #"{"sourceServerIDs":["s-1"]}"#),
        event(
            "05-01T07:00:00",
            "signin",
            "ConsoleLogin",
            root,
            #","additionalEventData":{"MFAUsed":"No"},"responseElements":{"ConsoleLogin":"Failure"}"#
        ),
        event("05-01T08:00:00", "s3", "PutObject", bob, #","errorCode":"AccessDenied","errorMessage":"no""#),
        event("05-01T09:00:00", "s3", "DeleteBucket", bob, request: #"{"arn":"arn:aws:s3:::logs"}"#),
        event("05-01T10:00:00", "iam", "CreateAccessKey", bob, request: #"{"userName":"ann"}"#),
        event("05-01T20:00:00", "ec2", "RunInstances", service),
        event("05-01T20:00:01", "s3", "ListBuckets", foreign),
        event("05-01T20:30:00", "s3", "ListBuckets", ann, #","mcpEventDetails":{"mcpServerName":"tools"}"#),
        event("05-01T20:00:02", "ec2", "ListTags", ann)
            .replacing("aws-cli/2.1", with: "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io)"),
    ]
}

import Foundation
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// The class and activity of an event in OCSF, who is in it, and that nothing gets lost.
///
/// `Tests/Formats` holds it to the schema.
@Suite("ocsf") struct OCSFTransformTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fields: String
        let expected: [String: String]

        init(_ name: String, _ fields: String, _ expected: [String: String]) {
            (testDescription, self.fields, self.expected) = (name, fields, expected)
        }
    }

    private static func kind(_ source: String, _ action: String, _ more: String = "") -> String {
        #""eventSource":"\#(source).amazonaws.com","eventName":"\#(action)""# + more
    }

    @Test(arguments: [
        Case("a read by its name", kind("ec2", "DescribeInstances"), ["type_uid": "600302", "activity_name": "Read"]),
        Case("a read by its flag", kind("kms", "GenerateDataKey", #","readOnly":true"#), ["type_uid": "600302"]),
        Case("a creation", kind("ec2", "RunInstances"), ["type_uid": "600301"]),
        Case("an update", kind("mgh", "NotifyMigrationTaskState"), ["type_uid": "600303"]),
        Case("a deletion", kind("ec2", "TerminateInstances"), ["type_uid": "600304"]),
        Case("several at once", kind("dynamodb", "BatchWriteItem"), ["type_uid": "600303"]),
        Case(
            "what is none of these",
            kind("mgn", "FinalizeCutover"),
            ["type_uid": "600399", "activity_name": "FinalizeCutover", "type_name": "API Activity: Other"]
        ),
        Case("a sign-in", kind("signin", "ConsoleLogin"), ["type_uid": "300201", "class_name": "Authentication"]),
        Case("a step of a sign-in", kind("signin", "CredentialChallenge"), ["type_uid": "300299"]),
        Case("the end of a role", kind("signin", "ExitRole"), ["type_uid": "300202"]),
        Case("a role's session", kind("sts", "AssumeRole", #","readOnly":true"#), ["type_uid": "300201"]),
        Case("a question to STS", kind("sts", "GetCallerIdentity"), ["type_uid": "600302"]),
        Case("a user", kind("iam", "CreateUser"), ["type_uid": "300101", "class_name": "Account Change"]),
        Case("a password", kind("iam", "UpdateLoginProfile"), ["type_uid": "300104"]),
        Case("a policy of a role", kind("iam", "DeleteRolePolicy"), ["type_uid": "300108"]),
        Case("a second factor", kind("iam", "DeactivateMFADevice"), ["type_uid": "300111"]),
        Case("a key", kind("iam", "CreateAccessKey"), ["type_uid": "300199", "activity_name": "CreateAccessKey"]),
        Case("a group", kind("iam", "CreateGroup"), ["type_uid": "300401", "entity.type": "Group"]),
        Case("a version of a policy", kind("iam", "CreatePolicyVersion"), ["entity.name": "PolicyVersion"]),
        Case("a question to IAM", kind("iam", "ListUsers"), ["type_uid": "600302"]),
        Case("an action without a name", #""eventSource":"x.amazonaws.com""#, ["type_uid": "600300"]),
    ])
    func hasAKind(_ example: Case) throws { try check(example) }

    @Test(arguments: [
        Case("success", #""eventName":"GetX""#, ["status": "Success", "status_id": "1"]),
        Case(
            "failure",
            #""eventName":"GetX","errorCode":"AccessDenied","errorMessage":"no \u0022way\u0022""#,
            ["status_id": "2", "status_code": "AccessDenied", "api.response.message": #"no "way""#]
        ),
        Case(
            "a dry run",
            #""eventName":"PutX","errorCode":"DryRunOperation""#,
            ["status_id": "99", "status": "Dry Run"]
        ),
        Case("an address", #""sourceIPAddress":"2001:db8::1""#, ["src_endpoint.ip": "2001:db8::1"]),
        Case(
            "a service",
            #""sourceIPAddress":"ec2.amazonaws.com""#,
            ["src_endpoint.svc_name": "ec2.amazonaws.com", "src_endpoint.domain": "ec2.amazonaws.com"]
        ),
        Case("AWS itself", #""sourceIPAddress":"AWS Internal""#, ["src_endpoint.svc_name": "AWS Internal"]),
        Case("no place", #""eventName":"GetX""#, ["src_endpoint.name": "Unknown", "actor.user.name": "Unknown"]),
        Case("an endpoint alone", #""vpcEndpointId":"vpce-1""#, ["src_endpoint.uid": "vpce-1"]),
        Case(
            "root",
            #""userIdentity":{"type":"Root","accountId":"1"}"#,
            [
                "actor.user.type": "Root", "actor.user.type_id": "99", "actor.user.name": "root",
                "actor.user.account.uid": "1",
            ]
        ),
        Case("an alias of root", #""userIdentity":{"type":"Root","userName":"corp"}"#, ["actor.user.name": "corp"]),
        Case(
            "a role",
            #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/s","principalId":"AROA:s","#
                + #""sessionContext":{"sessionIssuer":{"userName":"R","arn":"arn:aws:iam::1:role/R"},"#
                + #""attributes":{"creationDate":"2026-01-31T00:00:00Z","mfaAuthenticated":"true"}}}"#,
            [
                "actor.user.name": "R", "actor.user.uid_alt": "AROA:s", "actor.session.issuer": "arn:aws:iam::1:role/R",
                "actor.session.is_mfa": "true", "actor.session.created_time": "1769817600000",
            ]
        ),
        Case("a service's call", #""userIdentity":{"invokedBy":"AWS Internal"}"#, ["actor.invoked_by": "AWS Internal"]),
        Case(
            "a person of IAM Identity Center",
            #""userIdentity":{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u-1"}}"#,
            ["actor.user.uid": "u-1", "actor.user.type": "IdentityCenterUser"]
        ),
        Case(
            "the session that begins",
            kind("sts", "AssumeRole")
                + #","requestParameters":{"roleArn":"arn:aws:iam::22:role/p/R","roleSessionName":"s"},"#
                + #""responseElements":{"credentials":{"accessKeyId":"ASIA1"}}"#,
            [
                "user.name": "s", "user.uid": "arn:aws:iam::22:role/p/R", "user.account.uid": "22",
                "user.credential_uid": "ASIA1",
            ]
        ),
        Case(
            "the account that is changed",
            kind("iam", "AddUserToGroup") + #","requestParameters":{"userName":"bob","groupName":"g"}"#,
            ["user.name": "bob", "user.groups.0.name": "g"]
        ),
        Case(
            "a time of its own before a window",
            #""timeWindow":{"windowStart":"2026-01-01 00:00:00"}"#,
            ["time": "1769903999000"]
        ),
    ])
    func hasItsParts(_ example: Case) throws { try check(example) }

    @Test func keepsWhatHasNoPlace() throws {
        let run = try TransformRun(OCSFTransform.self)
        let lines = try run.lines([
            #"{"eventTime":"2026-01-31T23:59:59Z","eventName":"GetX","requestParameters":{"a":1.50},"userIdentity":"#
                + #"{"type":"Root","x":{"y":[null,""]}},"errorCode":null,"odd":{"eventName":"z"},"resources":[{"type":"t"}]}"#
        ])
        let line = try #require(lines.first)
        #expect(
            line.contains(
                #""unmapped":{"requestParameters":{"a":1.50},"userIdentity":{"x":{"y":[null,""]}},"odd":{"eventName":"z"},"#
                    + #""resources":[{"type":"t"}]}"#
            ),
            "\(line)"
        )
    }

    @Test func takesWhatWasAddedAbove() throws {
        let batch = EventBatch(records: [#"{"eventTime":"2026-01-31T23:59:59Z","userIdentity":{"type":"Root"}}"#])
        try TransformRun(IdentityTransform.self).apply(to: batch)
        try TransformRun(OCSFTransform.self).apply(to: batch)
        let event = try #require(batch.map { $0 }.first)
        #expect(event[try FieldPath(parsing: "unmapped.identity.kind")]?.string == "root")
    }

    @Test(arguments: ["", #","eventTime":"yesterday""#, #","eventTime":1"#])
    func refusesEventsWithoutATime(_ field: String) throws {
        let batch = try TransformRun(OCSFTransform.self).batch([#"{"eventName":"GetX"\#(field)}"#])
        #expect(batch.isEmpty)
        #expect(batch.takeRejections().map(\.reason).first?.contains("has no 'eventTime'") == true)
    }

    @Test func saysItsVersion() throws {
        let run = try TransformRun(OCSFTransform.self, ["version": .text("1.5.0")])
        let event = try #require(run.batch([#"{"eventTime":"2026-01-31T23:59:59Z"}"#]).map { $0 }.first)
        #expect(event[try FieldPath(parsing: "metadata.version")]?.string == "1.5.0")
        #expect(throws: OptionError.self) { try TransformRun(OCSFTransform.self, ["version": .text("2.0.0")]) }
    }

    private func check(_ example: Case) throws {
        let record = #"{"eventTime":"2026-01-31T23:59:59Z",\#(example.fields)}"#
        let event = try #require(TransformRun(OCSFTransform.self).batch([record]).map { $0 }.first)
        for (path, value) in example.expected {
            let found = event[try FieldPath(parsing: path)]
            #expect(found?.string ?? found?.json == value, "\(path) in \(event.enrichedJSON)")
        }
    }
}

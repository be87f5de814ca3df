import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct IdentityTransformTests {
    /// A record's fields, without braces, and the object that must be added to it.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let fields: String
        let expected: String

        init(_ name: String, _ fields: String, _ expected: String) {
            testDescription = name
            self.fields = fields
            self.expected = expected
        }
    }

    @Test(
        arguments: documented + types + withoutType + services + names + members + damaged + signIns + agents + sessions
    )
    func addsTheIdentity(_ example: Case) throws {
        let run = try TransformRun(IdentityTransform.self)
        #expect(try run.added(to: "{\(example.fields)}", column: "identity") == example.expected)
    }

    /// What is remembered of callers changes nothing: not that a caller comes again at once, nor after all others.
    @Test func addsTheSameToWhoeverComesAgain() throws {
        let cases = Self.documented + Self.types + Self.withoutType + Self.services + Self.names + Self.members
        let more = Self.damaged + Self.signIns + Self.agents + Self.sessions
        let examples = (cases + more).flatMap { [$0, $0] }
        let run = try TransformRun(IdentityTransform.self)
        let batch = try run.batch((examples + examples).map { "{\($0.fields)}" })
        try #require(batch.rowCount == 2 * examples.count)
        let column = try #require(batch.columns.first)
        for (row, example) in (examples + examples).enumerated() {
            #expect(JSONLines.objectText(of: column, row: row) == example.expected, "\(example)")
        }
    }

    @Test func aCallerSeenFromAnotherAccountIsAnother() throws {
        let identity = #""userIdentity":{"type":"IAMUser","userName":"ann","accountId":"1"}"#
        let recipients = [
            "", #","recipientAccountId":"1""#, #","recipientAccountId":"2""#, #","recipientAccountId":1"#,
        ]
        let expected = [nil, false, true, nil].map { $0.map { #","crossAccount":\#($0)"# } ?? "" }
        let run = try TransformRun(IdentityTransform.self)
        let batch = try run.batch((recipients + recipients).map { "{\(identity)\($0)}" })
        let column = try #require(batch.columns.first)
        let added = (0..<8).map { JSONLines.objectText(of: column, row: $0) }
        #expect(added.map { $0.contains("crossAccount") } == (expected + expected).map { !$0.isEmpty })
        for (text, part) in zip(added, expected + expected) { #expect(text.contains(part) || part.isEmpty) }
    }

    // The record of the Migration Hub User Guide, "Example: Migration Hub log file entries".
    static let documented = [
        Case(
            "the documented record of Migration Hub",
            """
            "eventVersion":"1.05","userIdentity":{"type":"AssumedRole",\
            "principalId":"AROAIGZQV3RRQMO4RQZCI:sally-90b99f9f-2ffd-4187-9ef1-26b9f22d6419",\
            "arn":"arn:aws:sts::123456789012:assumed-role/Sally/sally-90b99f9f-2ffd-4187-9ef1-26b9f22d6419",\
            "accountId":"123456789012","accessKeyId":"AKIAIOSFODNN7EXAMPLE","sessionContext":{"attributes":\
            {"mfaAuthenticated":"false","creationDate":"2017-05-23T23:54:04Z"},"sessionIssuer":{"type":"Role",\
            "principalId":"AROAIGZQV3RRQMO4RQZCI","arn":"arn:aws:iam::123456789012:role/Sally",\
            "accountId":"123456789012","userName":"Sally"}}},"eventTime":"2017-05-24T00:03:06Z",\
            "eventSource":"migrationhub.amazonaws.com","eventName":"DescribeApplicationState","awsRegion":"us-west-2",\
            "sourceIPAddress":"34.223.252.133","userAgent":\
            "aws-internal/3, sally-generated exec-env/AWS_Lambda_java8","eventType":"AwsApiCall",\
            "recipientAccountId":"123456789012"
            """,
            """
            {"kind":"role","rootOrUser":false,"temporaryCredentials":true,"byService":false,"basis":"type",\
            "actor":"Sally","role":"Sally","session":"sally-90b99f9f-2ffd-4187-9ef1-26b9f22d6419",\
            "issuerArn":"arn:aws:iam::123456789012:role/Sally","account":"123456789012",\
            "principalId":"AROAIGZQV3RRQMO4RQZCI:sally-90b99f9f-2ffd-4187-9ef1-26b9f22d6419",\
            "accessKeyId":"AKIAIOSFODNN7EXAMPLE","mfa":false,"crossAccount":false,"keyKind":"long_term"}
            """
        )
    ]

    static let types = [
        Case(
            "1: root",
            #""userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root","accountId":"1","userName":"alias"}"#,
            head("root", true, false, false, "type") + #","actor":"root","account":"1"}"#
        ),
        Case(
            "1: root with temporary credentials is still root",
            #""userIdentity":{"type":"Root","accessKeyId":"ASIA1","sessionContext":{}}"#,
            head("root", true, false, false, "type") + #","actor":"root","accessKeyId":"ASIA1","keyKind":"temporary"}"#
        ),
        Case(
            "2: IAM user",
            #""userIdentity":{"type":"IAMUser","userName":"Alice","accessKeyId":"AKIA1"}"#,
            head("iam_user", true, false, false, "type")
                + #","actor":"Alice","accessKeyId":"AKIA1","keyKind":"long_term"}"#
        ),
        Case(
            "2: IAM user with temporary credentials is still an IAM user",
            """
            "userIdentity":{"type":"IAMUser","userName":"Alice","accessKeyId":"ASIA1",\
            "sessionContext":{"attributes":{"mfaAuthenticated":"true"}}}
            """,
            head("iam_user", true, false, false, "type")
                + #","actor":"Alice","accessKeyId":"ASIA1","mfa":true,"keyKind":"temporary"}"#
        ),
        Case(
            "3: assumed role, only type",
            #""userIdentity":{"type":"AssumedRole"}"#,
            head("role", false, true, false, "type") + "}"
        ),
        Case(
            "3: role",
            #""userIdentity":{"type":"Role","userName":"worker","accountId":"1"}"#,
            head("role", false, true, false, "type") + #","actor":"worker","account":"1"}"#
        ),
        Case(
            "4: federated user",
            """
            "userIdentity":{"type":"FederatedUser","principalId":"1:noah","arn":"arn:aws:sts::1:federated-user/noah",\
            "sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::1:user/broker","userName":"broker"}}}
            """,
            head("federated_user", false, true, false, "type")
                + #","actor":"noah","session":"noah","issuerArn":"arn:aws:iam::1:user/broker","principalId":"1:noah"}"#
        ),
        Case(
            "5: SAML user",
            #""userIdentity":{"type":"SAMLUser","userName":"amy","identityProvider":"idp=","principalId":"x=:amy"}"#,
            head("federated_sign_in", false, false, false, "type")
                + #","actor":"amy","principalId":"x=:amy","provider":"idp="}"#
        ),
        Case(
            "5: web identity user",
            #""userIdentity":{"type":"WebIdentityUser","userName":"repo:x","identityProvider":"token.example"}"#,
            head("federated_sign_in", false, false, false, "type") + #","actor":"repo:x","provider":"token.example"}"#
        ),
        Case(
            "6: Identity Center user by type",
            #""userIdentity":{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1"}}"#,
            head("identity_center", false, false, false, "type")
                + #","actor":"u-1","account":"1","onBehalfOf":"u-1"}"#
        ),
        Case(
            "6: Identity Center user of type Unknown",
            #""userIdentity":{"type":"Unknown","userName":"amy","onBehalfOf":{"userId":"u-1"}}"#,
            head("identity_center", false, false, false, "onBehalfOf") + #","actor":"amy","onBehalfOf":"u-1"}"#
        ),
        Case(
            "6: Identity Center user without type, before all else that could decide",
            #""userIdentity":{"onBehalfOf":{},"arn":"arn:aws:iam::1:root","principalId":"AIDA1"}"#,
            head("identity_center", false, false, false, "onBehalfOf") + #","principalId":"AIDA1"}"#
        ),
        Case(
            "6: an onBehalfOf that is no object is none",
            #""userIdentity":{"type":"Unknown","onBehalfOf":"u-1"}"#,
            head("unknown", false, false, false, "type") + "}"
        ),
        Case(
            "7: service",
            #""userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#,
            head("service", false, false, true, "type")
                + #","actor":"ec2.amazonaws.com","service":"ec2.amazonaws.com"}"#
        ),
        Case(
            "7: service that is not named",
            #""userIdentity":{"type":"AWSService"}"#,
            head("service", false, false, true, "type") + "}"
        ),
        Case(
            "8: another account's user",
            #""userIdentity":{"type":"AWSAccount","principalId":"AIDA1","accountId":"2"},"recipientAccountId":"1""#,
            head("cross_account", true, false, false, "principalId")
                + #","actor":"2","account":"2","principalId":"AIDA1","crossAccount":true}"#
        ),
        Case(
            "8: another account's role",
            #""userIdentity":{"type":"AWSAccount","principalId":"AROA1:x","accountId":"2"}"#,
            head("cross_account", false, true, false, "principalId")
                + #","actor":"x","account":"2","principalId":"AROA1:x"}"#
        ),
        Case(
            "8: another account, nothing known",
            #""userIdentity":{"type":"AWSAccount","principalId":"123456789012","accountId":"2","accessKeyId":"AKIA1"}"#,
            head("cross_account", false, false, false, "type") + """
                ,"actor":"2","account":"2","principalId":"123456789012","accessKeyId":"AKIA1","keyKind":"long_term"}
                """
        ),
        Case(
            "9: directory",
            #""userIdentity":{"type":"Directory","userName":"amy@example.com"}"#,
            head("unknown", false, false, false, "type") + #","actor":"amy@example.com"}"#
        ),
        Case(
            "9: unknown",
            #""userIdentity":{"type":"Unknown"}"#,
            head("unknown", false, false, false, "type") + "}"
        ),
        Case(
            "9: a type that nobody knows yet",
            #""userIdentity":{"type":"assumedrole","arn":"arn:aws:iam::1:root","principalId":"AROA1"}"#,
            head("unknown", false, false, false, "type") + #","principalId":"AROA1"}"#
        ),
        Case(
            "prefixes never override the type",
            #""userIdentity":{"type":"AssumedRole","principalId":"AIDA1:Bob","accessKeyId":"AKIA1"}"#,
            head("role", false, true, false, "type") + """
                ,"actor":"Bob","session":"Bob","principalId":"AIDA1:Bob","accessKeyId":"AKIA1","keyKind":"long_term"}
                """
        ),
    ]

    static let withoutType = [
        Case(
            "10: issued by a role",
            #""userIdentity":{"sessionContext":{"sessionIssuer":{"type":"Role","userName":"Dev"}}}"#,
            head("role", false, true, false, "sessionIssuer") + #","actor":"Dev","role":"Dev"}"#
        ),
        Case(
            "10: issued by a user, before the ARN",
            """
            "userIdentity":{"arn":"arn:aws:iam::1:root",\
            "sessionContext":{"sessionIssuer":{"type":"IAMUser","userName":"broker"}}}
            """,
            head("federated_user", false, true, false, "sessionIssuer") + #","actor":"broker"}"#
        ),
        Case(
            "10: issued by root",
            #""userIdentity":{"principalId":"1:x","sessionContext":{"sessionIssuer":{"type":"Root"}}}"#,
            head("federated_user", false, true, false, "sessionIssuer")
                + #","actor":"x","session":"x","principalId":"1:x"}"#
        ),
        Case(
            "10: an issuer of a kind that nobody knows says nothing",
            #""userIdentity":{"arn":"arn:aws:iam::1:root","sessionContext":{"sessionIssuer":{"type":"Robot"}}}"#,
            head("root", true, false, false, "arn") + #","actor":"root"}"#
        ),
        Case(
            "10: root by the ARN of a partition",
            #""userIdentity":{"arn":"arn:aws-us-gov:iam::1:root"}"#,
            head("root", true, false, false, "arn") + #","actor":"root"}"#
        ),
        Case(
            "10: user by the ARN, with a path and without an account",
            #""userIdentity":{"arn":"arn:aws-cn:iam:::user/team/Alice"}"#,
            head("iam_user", true, false, false, "arn") + #","actor":"Alice"}"#
        ),
        Case(
            "10: role by the ARN, before the principal",
            #""userIdentity":{"arn":"arn:aws:sts::1:assumed-role/Dev/i-1","principalId":"AIDA1"}"#,
            head("role", false, true, false, "arn")
                + #","actor":"Dev","role":"Dev","session":"i-1","principalId":"AIDA1"}"#
        ),
        Case(
            "10: federated user by the ARN",
            #""userIdentity":{"arn":"arn:aws:sts::1:federated-user/Bob"}"#,
            head("federated_user", false, true, false, "arn") + #","actor":"Bob","session":"Bob"}"#
        ),
        Case(
            "10: an ARN of something else says nothing",
            #""userIdentity":{"arn":"arn:aws:iam::1:role/Dev","accountId":"1"}"#,
            head("unknown", false, false, false, "none") + #","actor":"1","account":"1"}"#
        ),
        Case(
            "10: a text that only looks like an ARN says nothing",
            #""userIdentity":{"arn":"urn:aws:iam::1:user/Bob"}"#,
            head("unknown", false, false, false, "none") + "}"
        ),
        Case(
            "10: user by the principal",
            #""userIdentity":{"principalId":"AIDA1","accessKeyId":"ASIA1"}"#,
            head("iam_user", true, false, false, "principalId")
                + #","principalId":"AIDA1","accessKeyId":"ASIA1","keyKind":"temporary"}"#
        ),
        Case(
            "10: role by the principal",
            #""userIdentity":{"principalId":"AROA1:amy:b","accessKeyId":"AKIA1"}"#,
            head("role", false, true, false, "principalId") + """
                ,"actor":"amy:b","session":"amy:b","principalId":"AROA1:amy:b","accessKeyId":"AKIA1",\
                "keyKind":"long_term"}
                """
        ),
        Case(
            "10: user by the key",
            #""userIdentity":{"principalId":"123456789012","accessKeyId":"AKIA1"}"#,
            head("iam_user", true, false, false, "accessKeyId")
                + #","principalId":"123456789012","accessKeyId":"AKIA1","keyKind":"long_term"}"#
        ),
        Case(
            "10: role by the key",
            #""userIdentity":{"accessKeyId":"ASIA1"}"#,
            head("role", false, true, false, "accessKeyId") + #","accessKeyId":"ASIA1","keyKind":"temporary"}"#
        ),
        Case(
            "10: a bearer key says nothing",
            #""userIdentity":{"accessKeyId":"ABIA1"}"#,
            head("unknown", false, false, false, "none") + #","accessKeyId":"ABIA1","keyKind":"service_bearer"}"#
        ),
        Case(
            "10: a context key says nothing",
            #""userIdentity":{"accessKeyId":"ACCA1"}"#,
            head("unknown", false, false, false, "none") + #","accessKeyId":"ACCA1","keyKind":"context"}"#
        ),
        Case(
            "10: a service by invokedBy, before the event's type",
            #""userIdentity":{"accountId":"1","invokedBy":"ec2.amazonaws.com"},"eventType":"AwsServiceEvent""#,
            head("service", false, false, true, "invokedBy")
                + #","actor":"ec2.amazonaws.com","account":"1","service":"ec2.amazonaws.com"}"#
        ),
        Case(
            "10: a service by the event's type",
            #""userIdentity":{"accountId":"1"},"eventType":"AwsServiceEvent""#,
            head("service", false, false, true, "eventType") + #","actor":"1","account":"1"}"#
        ),
        Case(
            "10: a service by a service-linked role",
            """
            "userIdentity":{"sessionContext":{"sessionIssuer":\
            {"arn":"arn:aws:iam::1:role/aws-service-role/dms.amazonaws.com/AWSServiceRoleForX"}}}
            """,
            head("service", false, false, true, "sessionIssuer")
                + #","actor":"dms.amazonaws.com","service":"dms.amazonaws.com"}"#
        ),
        Case(
            "10: nothing known",
            #""userIdentity":{}"#,
            head("unknown", false, false, false, "none") + "}"
        ),
        Case(
            "no userIdentity",
            #""eventType":"AwsCloudTrailInsight""#,
            head("unknown", false, false, false, "none") + "}"
        ),
        Case(
            "no userIdentity in a service event",
            #""eventType":"AwsServiceEvent","recipientAccountId":"1""#,
            head("service", false, false, true, "eventType") + "}"
        ),
        Case(
            "userIdentity null in a service event",
            #""userIdentity":null,"eventType":"AwsServiceEvent""#,
            head("service", false, false, true, "eventType") + "}"
        ),
        Case(
            "userIdentity that is no object",
            #""userIdentity":"Root""#,
            head("unknown", false, false, false, "none") + "}"
        ),
    ]

    /// The five members that are always there, without the closing brace.
    static func head(_ kind: String, _ one: Bool, _ two: Bool, _ three: Bool, _ basis: String) -> String {
        """
        {"kind":"\(kind)","rootOrUser":\(one),"temporaryCredentials":\(two),"byService":\(three),"basis":"\(basis)"
        """
    }
}

@testable import MHPipeBuiltins

extension IdentityTransformTests {
    static let services = [
        Case(
            "a role used through a service answers two questions",
            #""userIdentity":{"type":"AssumedRole","invokedBy":"s3.amazonaws.com","accountId":"1"}"#,
            head("role", false, true, true, "type")
                + #","actor":"s3.amazonaws.com","account":"1","service":"s3.amazonaws.com"}"#
        ),
        Case(
            "a user through the console's proxy answers two questions",
            #""userIdentity":{"type":"IAMUser","userName":"amy","invokedBy":"AWS Internal"}"#,
            head("iam_user", true, false, true, "type") + #","actor":"amy","service":"AWS Internal"}"#
        ),
        Case(
            "the service of a service-linked role wins over AWS Internal",
            linkedRole(#""invokedBy":"AWS Internal","#),
            head("role", false, true, true, "type") + linkedRoleNames("dms.amazonaws.com")
        ),
        Case(
            "and stands in where there is no invokedBy",
            linkedRole(""),
            head("role", false, true, true, "type") + linkedRoleNames("dms.amazonaws.com")
        ),
        Case(
            "but another invokedBy wins over it",
            linkedRole(#""invokedBy":"ec2.amazonaws.com","#),
            head("role", false, true, true, "type") + linkedRoleNames("ec2.amazonaws.com")
        ),
        Case(
            "an empty invokedBy is none",
            #""userIdentity":{"type":"IAMUser","userName":"amy","invokedBy":""}"#,
            head("iam_user", true, false, false, "type") + #","actor":"amy"}"#
        ),
        Case(
            "the event's type says nothing where the identity has one",
            #""userIdentity":{"type":"IAMUser","userName":"amy"},"eventType":"AwsServiceEvent""#,
            head("iam_user", true, false, false, "type") + #","actor":"amy"}"#
        ),
        Case(
            "the path /service-role/ is only a hint",
            """
            "userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":\
            {"type":"Role","arn":"arn:aws:iam::1:role/service-role/X","userName":"X"}}}
            """,
            head("role", false, true, false, "type")
                + #","actor":"X","role":"X","issuerArn":"arn:aws:iam::1:role/service-role/X"}"#
        ),
    ]

    static let names = [
        Case(
            "a permission set's session is a person",
            """
            "userIdentity":{"type":"AssumedRole","arn":\
            "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/amy@example.com"}
            """,
            head("role", false, true, false, "type") + """
                ,"actor":"amy@example.com","role":"AWSReservedSSO_Admin_0123456789abcdef","session":"amy@example.com"}
                """
        ),
        Case(
            "a permission set without session",
            #""userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"userName":"AWSReservedSSO_A_1"}}}"#,
            head("role", false, true, false, "type") + #","actor":"AWSReservedSSO_A_1","role":"AWSReservedSSO_A_1"}"#
        ),
        Case(
            "the issuer's name is the role's only when the issuer is a role",
            """
            "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Dev/i-1",\
            "sessionContext":{"sessionIssuer":{"type":"IAMUser","userName":"amy"}}}
            """,
            head("role", false, true, false, "type") + #","actor":"Dev","role":"Dev","session":"i-1"}"#
        ),
        Case(
            "a role without role name goes by its userName, then its session",
            #""userIdentity":{"type":"AssumedRole","userName":"amy","principalId":"AROA1:s"}"#,
            head("role", false, true, false, "type") + #","actor":"amy","session":"s","principalId":"AROA1:s"}"#
        ),
        Case(
            "spaces in the ARN, as in the CloudTrail User Guide",
            """
            "userIdentity":{"type":"AssumedRole","principalId":"AROA1: Dev1",\
            "arn":"arn: aws: sts: : 123456789012: assumed-role/DevRole/Dev1"}
            """,
            head("role", false, true, false, "type")
                + #","actor":"Dev1","session":"Dev1","principalId":"AROA1: Dev1"}"#
        ),
        Case(
            "a user without name goes by the ARN",
            #""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a/b/amy"}"#,
            head("iam_user", true, false, false, "type") + #","actor":"amy"}"#
        ),
        Case(
            "a withheld name is no name",
            #""userIdentity":{"type":"IAMUser","userName":"HIDDEN_DUE_TO_SECURITY_REASONS","accountId":"1"}"#,
            head("iam_user", true, false, false, "type") + #","actor":"1","account":"1"}"#
        ),
        Case(
            "a federated user without session goes by the issuer",
            #""userIdentity":{"type":"FederatedUser","sessionContext":{"sessionIssuer":{"userName":"broker"}}}"#,
            head("federated_user", false, true, false, "type") + #","actor":"broker"}"#
        ),
        Case(
            "an ARN that ends with a slash has no session",
            #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Dev/","principalId":"AROA1:s"}"#,
            head("role", false, true, false, "type")
                + #","actor":"Dev","role":"Dev","session":"s","principalId":"AROA1:s"}"#
        ),
        Case(
            "only roles and federated users have a session and an issuer",
            """
            "userIdentity":{"type":"IAMUser","userName":"amy","arn":"arn:aws:iam::1:user/x","principalId":"AIDA1:y",\
            "sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::1:role/Dev","userName":"Dev"}}}
            """,
            head("iam_user", true, false, false, "type") + #","actor":"amy","principalId":"AIDA1:y"}"#
        ),
    ]

    static let members = [
        Case(
            "federation provider of a session",
            """
            "userIdentity":{"type":"AssumedRole","sessionContext":{"webIdFederationData":\
            {"federatedProvider":"cognito","attributes":{}},"sourceIdentity":"amy"}}
            """,
            head("role", false, true, false, "type") + #","provider":"cognito","sourceIdentity":"amy"}"#
        ),
        Case(
            "identityProvider before the session's",
            """
            "userIdentity":{"type":"SAMLUser","identityProvider":"one",\
            "sessionContext":{"webIdFederationData":{"federatedProvider":"two"}}}
            """,
            head("federated_sign_in", false, false, false, "type") + #","provider":"one"}"#
        ),
        Case("multi-factor as a boolean", mfa("true"), head("iam_user", true, false, false, "type") + #","mfa":true}"#),
        Case(
            "multi-factor as a text",
            mfa(#""false""#),
            head("iam_user", true, false, false, "type") + #","mfa":false}"#
        ),
        Case("multi-factor as a number", mfa("1"), head("iam_user", true, false, false, "type") + "}"),
        Case("multi-factor as another text", mfa(#""True""#), head("iam_user", true, false, false, "type") + "}"),
        Case(
            "a key of an unknown kind",
            #""userIdentity":{"type":"Root","accessKeyId":"XKIA1"}"#,
            head("root", true, false, false, "type") + #","actor":"root","accessKeyId":"XKIA1"}"#
        ),
        Case(
            "the caller's account is not known",
            #""userIdentity":{"type":"Root"},"recipientAccountId":"1""#,
            head("root", true, false, false, "type") + #","actor":"root"}"#
        ),
    ]

    static let damaged = [
        Case(
            "empty texts are left out",
            """
            "userIdentity":{"type":"","userName":"","principalId":"","arn":"","accountId":"","accessKeyId":"",\
            "invokedBy":"","identityProvider":"","onBehalfOf":{"userId":""},"sessionContext":{"sourceIdentity":"",\
            "sessionIssuer":{"type":"","userName":"","arn":""},"webIdFederationData":{"federatedProvider":""}}}
            """,
            head("identity_center", false, false, false, "onBehalfOf") + "}"
        ),
        Case(
            "other types are left out",
            """
            "userIdentity":{"type":1,"userName":null,"principalId":[],"arn":{},"accountId":123456789012,\
            "accessKeyId":true,"invokedBy":{"a":1},"identityProvider":0,"onBehalfOf":null,"sessionContext":[]}
            """,
            head("unknown", false, false, false, "none") + "}"
        ),
        Case(
            "the last of repeated keys counts",
            """
            "userIdentity":{"type":"Root"},"userIdentity":{"type":"Root","type":"IAMUser","userName":"a","userName":"b",\
            "sessionContext":{"sourceIdentity":"x","attributes":{"mfaAuthenticated":"true"}},"sessionContext":{}}
            """,
            head("iam_user", true, false, false, "type") + #","actor":"b"}"#
        ),
        Case(
            "the last of repeated keys counts when it is empty",
            #""userIdentity":{"type":"IAMUser","type":"","userName":"a","userName":""}"#,
            head("unknown", false, false, false, "none") + "}"
        ),
        Case(
            "escaped keys and texts",
            #"""
            "userIdentity":{"typ\u0065":"Assumed\u0052ole","arn":"arn:aws:sts::1:assumed-role\/Dev\/a\"b\u00e9",\#
            "sessionContext":{"session\u0049ssuer":{"userName":"D\u0065v"}}}
            """#,
            head("role", false, true, false, "type") + #","actor":"Dev","role":"Dev","session":"a\"bé"}"#
        ),
        Case(
            "half a surrogate pair keeps its escape",
            #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role\/Dev\/a\ud800"}"#,
            head("role", false, true, false, "type") + #","actor":"Dev","role":"Dev","session":"a\ud800"}"#
        ),
        Case(
            "white space between all tokens",
            """
            "userIdentity" : { "type" : "IAMUser" , "userName" : "amy" , "sessionContext" : { "attributes" : {
            "mfaAuthenticated" : "true" } } }
            """,
            head("iam_user", true, false, false, "type") + #","actor":"amy","mfa":true}"#
        ),
    ]

    private static func mfa(_ value: String) -> String {
        #""userIdentity":{"type":"IAMUser","sessionContext":{"attributes":{"mfaAuthenticated":\#(value)}}}"#
    }

    private static func linkedRole(_ invokedBy: String) -> String {
        """
        "userIdentity":{"type":"AssumedRole",\(invokedBy)"sessionContext":{"sessionIssuer":{"type":"Role","userName":"R",\
        "arn":"arn:aws:iam::1:role/aws-service-role/dms.amazonaws.com/R"}}}
        """
    }

    private static func linkedRoleNames(_ service: String) -> String {
        """
        ,"actor":"R","role":"R","issuerArn":"arn:aws:iam::1:role/aws-service-role/dms.amazonaws.com/R",\
        "service":"\(service)"}
        """
    }
}

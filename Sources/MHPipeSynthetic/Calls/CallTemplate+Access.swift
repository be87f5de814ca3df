extension CallTemplate {
    /// Calls of the services that say who may do what, and sign-ins.
    static let access: [CallTemplate] = [
        CallTemplate(
            "sts",
            "AssumeRole",
            weight: 1000,
            request: #"""
                {"roleArn":"arn:aws:iam::<<account>>:role/<<role>>",\#
                "roleSessionName":"<<app>>-<<environment>>-handler","externalId":"<<uuid>>",\#
                "durationSeconds":3600}
                """#,
            response: #"""
                {<<credentials>>,"assumedRoleUser":{"assumedRoleId":"AROA<<unique>>Q:<<app>>",\#
                "arn":"arn:aws:sts::<<account>>:assumed-role/<<role>>/<<app>>"}}
                """#,
            caller: .service("lambda"),
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/<<role>>"}]
                """#,
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "sts",
            "AssumeRole",
            weight: 800,
            request: #"{"roleArn":"arn:aws:iam::<<account>>:role/<<role>>","roleSessionName":"i-0<<id>>"}"#,
            response: "{<<credentials>>}",
            caller: .service("ec2"),
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/<<role>>"}]
                """#,
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "sts",
            "AssumeRole",
            weight: 500,
            request: #"""
                {"roleArn":"arn:aws:iam::<<account>>:role/aws-service-role/config.amazonaws.com/AWSServiceRoleFo\#
                rConfig","roleSessionName":"AWSConfig-Describe"}
                """#,
            response: #"""
                {<<credentials>>,"assumedRoleUser":{"assumedRoleId":"AROA<<unique>>Q:AWSConfig-Describe",\#
                "arn":"arn:aws:sts::<<account>>:assumed-role/AWSServiceRoleForConfig/AWSConfig-Describe"}}
                """#,
            caller: .service("config"),
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConf\#
                ig"}]
                """#,
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "iam",
            "GetRole",
            weight: 1600,
            request: #"{"roleName":"<<role>>"}"#,
            failures: [.init("NoSuchEntityException", "The role with name <<role>> cannot be found.", 50)]
        ),
        CallTemplate("iam", "GetUser", weight: 800),
        CallTemplate("iam", "ListRoles", weight: 600, request: #"{"maxItems":100,"marker":"<<base64>>"}"#),
        CallTemplate("iam", "ListAttachedRolePolicies", weight: 1000, request: #"{"roleName":"<<role>>"}"#),
        CallTemplate(
            "iam",
            "GetPolicyVersion",
            weight: 500,
            request: #"""
                {"policyArn":"arn:aws:iam::<<account>>:policy/<<app>>-<<environment>>",\#
                "versionId":"v<<number>>"}
                """#
        ),
        CallTemplate(
            "iam",
            "GetInstanceProfile",
            weight: 300,
            request: #"{"instanceProfileName":"<<role>>"}"#,
            failures: [.init("NoSuchEntityException", "Instance Profile <<role>> cannot be found.", 100)]
        ),
        CallTemplate("sts", "GetCallerIdentity", weight: 1800),
        CallTemplate(
            "sts",
            "AssumeRole",
            weight: 900,
            request: #"""
                {"roleArn":"arn:aws:iam::<<account>>:role/<<role>>","roleSessionName":"<<person>>-<<hex8>>"}
                """#,
            response: #"""
                {<<credentials>>,"assumedRoleUser":{"assumedRoleId":"AROA<<unique>>Z:<<person>>-<<hex8>>",\#
                "arn":"arn:aws:sts::<<account>>:assumed-role/<<role>>/<<person>>-<<hex8>>"}}
                """#,
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/<<role>>"}]
                """#,
            failures: [
                .init(
                    "AccessDenied",
                    #"""
                    User: <<caller>> is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::\#
                    <<account>>:role/<<role>>
                    """#,
                    120
                )
            ]
        ),
        CallTemplate(
            "sts",
            "AssumeRole",
            weight: 600,
            request: #"{"roleArn":"arn:aws:iam::<<account>>:role/<<role>>","roleSessionName":"backup-copy"}"#,
            response: "{<<credentials>>}",
            caller: .otherAccount,
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/<<role>>"}]
                """#,
            isShared: true
        ),
        CallTemplate(
            "sts",
            "AssumeRoleWithWebIdentity",
            weight: 700,
            request: #"""
                {"roleArn":"arn:aws:iam::<<account>>:role/github-actions-deploy",\#
                "roleSessionName":"GitHubActions","durationSeconds":3600}
                """#,
            response: #"""
                {<<credentials>>,"subjectFromWebIdentityToken":"repo:example-org/<<app>>:ref:refs/heads/main",\#
                "assumedRoleUser":{"assumedRoleId":"AROA<<unique>>Q:GitHubActions",\#
                "arn":"arn:aws:sts::<<account>>:assumed-role/github-actions-deploy/GitHubActions"},\#
                "provider":"arn:aws:iam::<<account>>:oidc-provider/token.actions.githubusercontent.com",\#
                "audience":"sts.amazonaws.com"}
                """#,
            caller: .webIdentity,
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::IAM::Role",\#
                "ARN":"arn:aws:iam::<<account>>:role/github-actions-deploy"}]
                """#,
            additional: #"{"identityProviderConnectionVerificationMethod":"IAMTrustStore"}"#,
            failures: []
        ),
        CallTemplate(
            "sts",
            "AssumeRoleWithSAML",
            weight: 200,
            request: #"""
                {"sAMLAssertionID":"_<<uuid>>","roleSessionName":"<<person>>@example.com",\#
                "roleArn":"arn:aws:iam::<<account>>:role/<<role>>",\#
                "principalArn":"arn:aws:iam::<<account>>:saml-provider/corp-idp","durationSeconds":3600}
                """#,
            response: #"""
                {"subjectType":"persistent","issuer":"https://idp.example.com/saml2",\#
                "nameQualifier":"<<hostID>>","subject":"<<person>>@example.com",\#
                "audience":"https://signin.aws.amazon.com/saml",<<credentials>>}
                """#,
            caller: .saml,
            failures: []
        ),
        CallTemplate("organizations", "DescribeOrganization", weight: 200),
        CallTemplate(
            "sso",
            "GetRoleCredentials",
            weight: 300,
            request: #"{"roleName":"AdministratorAccess","accountId":"<<account>>"}"#,
            caller: .identityCenter,
            kind: .serviceEvent,
            hasRequestID: false,
            serviceDetails: #"{"role_name":"AdministratorAccess","account_id":"<<account>>"}"#
        ),
        CallTemplate(
            "signin",
            "UserAuthentication",
            weight: 200,
            caller: .identityCenter,
            additional: #"""
                {"AuthWorkflowID":"<<uuid>>","UserName":"<<person>>@example.com",\#
                "LoginTo":"https://d-<<hex8>>.awsapps.com/start/?workflowStateHandle\u003d<<uuid>>",\#
                "CredentialType":"PASSWORD"}
                """#,
            failures: [],
            kind: .serviceEvent,
            serviceDetails: #"{"UserAuthentication":"Success"}"#
        ),
        CallTemplate(
            "signin",
            "ConsoleLogin",
            weight: 150,
            response: #"{"ConsoleLogin":"Success"}"#,
            caller: .console,
            additional: #"""
                {"LoginTo":"https://console.aws.amazon.com/console/home?hashArgs\u003d%23\u0026isauthcode\u003dt\#
                rue\u0026state\u003dhashArgsFromTB_<<region>>_<<id>>","MobileVersion":"No","MFAUsed":"Yes"}
                """#,
            failures: [.init("", "Failed authentication", 100)],
            kind: .consoleSignIn,
            hasRequestID: false
        ),
        CallTemplate(
            "iam",
            "CreateRole",
            weight: 150,
            request: #"""
                {"roleName":"<<role>>","path":"/service-role/","assumeRolePolicyDocument":"<<policy>>",\#
                "maxSessionDuration":3600}
                """#,
            response: #"""
                {"role":{"path":"/service-role/","roleName":"<<role>>","roleId":"AROA<<unique>>Z",\#
                "arn":"arn:aws:iam::<<account>>:role/service-role/<<role>>","createDate":"<<date>>",\#
                "assumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Eff\#
                ect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22A\#
                ction%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"}}
                """#
        ),
        CallTemplate(
            "iam",
            "PutRolePolicy",
            weight: 200,
            request: #"{"roleName":"<<role>>","policyName":"inline","policyDocument":"<<policy>>"}"#
        ),
    ]
}

extension CallTemplate {
    /// Calls of the services that keep keys, secrets and parameters.
    static let keys: [CallTemplate] = [
        CallTemplate(
            "kms",
            "GenerateDataKey",
            weight: 2600,
            request: #"""
                {"keyId":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>",\#
                "encryptionContext":{"aws:cloudtrail:arn":"arn:aws:cloudtrail:<<region>>:<<account>>:trail/\#
                <<trail>>","aws:s3:arn":"arn:aws:s3:::<<logBucket>>/AWSLogs/<<account>>/CloudTrail/"},\#
                "keySpec":"AES_256"}
                """#,
            caller: .service("cloudtrail"),
            resources: "<<keyResource>>",
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "kms",
            "Decrypt",
            weight: 3600,
            request: #"""
                {"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<<bucket>>"},\#
                "encryptionAlgorithm":"SYMMETRIC_DEFAULT"}
                """#,
            resources: "<<keyResource>>",
            failures: [.denied("kms", "Decrypt", 20)]
        ),
        CallTemplate(
            "kms",
            "Decrypt",
            weight: 1000,
            request: #"""
                {"encryptionContext":{"PARAMETER_ARN":"arn:aws:ssm:<<region>>:<<account>>:parameter/\#
                <<environment>>/<<app>>/db-password"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}
                """#,
            resources: "<<keyResource>>",
            failures: [.denied("kms", "Decrypt", 20)]
        ),
        CallTemplate(
            "kms",
            "Encrypt",
            weight: 500,
            request: #"""
                {"encryptionAlgorithm":"SYMMETRIC_DEFAULT",\#
                "keyId":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>",\#
                "encryptionContext":{"PARAMETER_ARN":"arn:aws:ssm:<<region>>:<<account>>:parameter/\#
                <<environment>>/<<app>>"}}
                """#,
            isReadOnly: true,
            resources: "<<keyResource>>"
        ),
        CallTemplate(
            "kms",
            "CreateGrant",
            weight: 300,
            request: #"""
                {"granteePrincipal":"ec2.<<region>>.amazonaws.com","operations":["Decrypt",\#
                "GenerateDataKeyWithoutPlaintext"],"keyId":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>",\#
                "constraints":{"encryptionContextSubset":{"aws:ebs:id":"vol-0<<id>>"}}}
                """#,
            response: #"""
                {"grantId":"<<hex32>><<hex32>>","keyId":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>"}
                """#,
            resources: "<<keyResource>>"
        ),
        CallTemplate(
            "ssm",
            "GetParameter",
            weight: 1200,
            request: #"{"name":"/<<environment>>/<<app>>/db-password","withDecryption":true}"#,
            resources: #"""
                [{"accountId":"<<account>>",\#
                "ARN":"arn:aws:ssm:<<region>>:<<account>>:parameter/<<environment>>/<<app>>/db-password"}]
                """#,
            failures: [.init("ParameterNotFound", nil, 30)]
        ),
        CallTemplate(
            "ssm",
            "UpdateInstanceInformation",
            weight: 3400,
            request: #"""
                {"instanceId":"i-0<<id>>","agentVersion":"3.2.2303.0","agentStatus":"Active",\#
                "platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023",\#
                "iPAddress":"<<address>>","computerName":"ip-<<number>>.<<region>>.compute.internal",\#
                "agentName":"amazon-ssm-agent","sSMConnectionChannel":"mgs"}
                """#
        ),
        CallTemplate(
            "ssm",
            "DescribeParameters",
            weight: 600,
            request: #"""
                {"parameterFilters":[{"key":"Name","option":"Equals","values":["/<<environment>>/<<app>>"]}],\#
                "maxResults":50}
                """#
        ),
        CallTemplate(
            "ssm",
            "ListInstanceAssociations",
            weight: 800,
            request: #"{"instanceId":"i-0<<id>>","maxResults":20}"#
        ),
        CallTemplate(
            "ssm",
            "PutParameter",
            weight: 200,
            request: #"""
                {"name":"/<<environment>>/<<app>>/db-password","value":"HIDDEN_DUE_TO_SECURITY_REASONS",\#
                "type":"SecureString","overwrite":true,"tier":"Standard"}
                """#,
            response: #"{"version":<<number>>,"tier":"Standard"}"#
        ),
        CallTemplate(
            "ssm",
            "SendCommand",
            weight: 150,
            request: #"""
                {"documentName":"AWS-RunShellScript","instanceIds":["i-0<<id>>"],\#
                "parameters":"HIDDEN_DUE_TO_SECURITY_REASONS","timeoutSeconds":600,"maxConcurrency":"50",\#
                "maxErrors":"0"}
                """#,
            response: #"""
                {"command":{"commandId":"<<uuid>>","documentName":"AWS-RunShellScript",\#
                "documentVersion":"$DEFAULT","comment":"","expiresAfter":"<<dateLater>>",\#
                "parameters":"HIDDEN_DUE_TO_SECURITY_REASONS","instanceIds":["i-0<<id>>"],"targets":[],\#
                "requestedDateTime":"<<date>>","status":"Pending","statusDetails":"Pending",\#
                "outputS3Region":"<<region>>","outputS3BucketName":"","outputS3KeyPrefix":"",\#
                "maxConcurrency":"50","maxErrors":"0","targetCount":1,"completedCount":0,"errorCount":0,\#
                "deliveryTimedOutCount":0,"serviceRole":"","hasCancelCommandSignature":false,\#
                "hasSendCommandSignature":false}}
                """#
        ),
        CallTemplate(
            "secretsmanager",
            "GetSecretValue",
            weight: 1300,
            request: #"""
                {"secretId":"arn:aws:secretsmanager:<<region>>:<<account>>:secret:<<environment>>/<<app>>-Ab3dEf"}
                """#,
            hasEndpoint: true
        ),
        CallTemplate(
            "secretsmanager",
            "DescribeSecret",
            weight: 400,
            request: #"{"secretId":"<<environment>>/<<app>>"}"#
        ),
        CallTemplate(
            "secretsmanager",
            "StartSecretVersionDelete",
            weight: 300,
            caller: .untyped("secretsmanager"),
            additional: #"""
                {"ARN":"arn:aws:secretsmanager:<<region>>:<<account>>:secret:<<environment>>/<<app>>-Ab3dEf",\#
                "Name":"<<environment>>/<<app>>"}
                """#,
            failures: [],
            kind: .serviceEvent
        ),
        CallTemplate(
            "kms",
            "RotateKey",
            weight: 100,
            caller: .untyped("kms"),
            resources: "<<keyResource>>",
            failures: [],
            kind: .serviceEvent,
            hasRequestID: false,
            serviceDetails: #"{"keyId":"<<key>>"}"#
        ),
    ]
}

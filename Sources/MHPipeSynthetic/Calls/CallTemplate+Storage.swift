extension CallTemplate {
    /// Calls of S3, among them those with which the trail itself is delivered.
    static let storage: [CallTemplate] = [
        CallTemplate(
            "s3",
            "GetBucketAcl",
            weight: 3400,
            request: #"""
                {"bucketName":"<<logBucket>>","Host":"<<logBucket>>.s3.<<region>>.amazonaws.com","acl":""}
                """#,
            caller: .service("cloudtrail"),
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<<logBucket>>"}]
                """#,
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "s3",
            "PutObject",
            weight: 2600,
            request: #"""
                {"bucketName":"<<logBucket>>","Host":"<<logBucket>>.s3.<<region>>.amazonaws.com",\#
                "x-amz-acl":"bucket-owner-full-control","x-amz-server-side-encryption":"aws:kms",\#
                "x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>",\#
                "key":"AWSLogs/<<account>>/CloudTrail/<<region>>/<<day>>/<<account>>_CloudTrail_<<region>>_\#
                <<slot>>_<<unique>>.json.gz"}
                """#,
            response: #"""
                {"x-amz-server-side-encryption":"aws:kms",\#
                "x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>"}
                """#,
            caller: .service("cloudtrail"),
            resources: #"""
                [{"type":"AWS::S3::Object",\#
                "ARN":"arn:aws:s3:::<<logBucket>>/AWSLogs/<<account>>/CloudTrail/<<region>>/<<day>>/<<account>>_\#
                CloudTrail_<<region>>_<<slot>>_<<unique>>.json.gz"},{"accountId":"<<account>>",\#
                "type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<<logBucket>>"}]
                """#,
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256",\#
                "bytesTransferredIn":<<bigNumber>>.0,"SSEApplied":"SSE_KMS","AuthenticationMethod":"AuthHeader",\#
                "x-amz-id-2":"<<hostID>>","bytesTransferredOut":0.0}
                """#,
            isData: true,
            failures: [],
            isShared: true
        ),
        CallTemplate(
            "s3",
            "PutObject",
            weight: 1600,
            request: #"""
                {"bucketName":"<<logBucket>>","Host":"<<logBucket>>.s3.<<region>>.amazonaws.com",\#
                "x-amz-acl":"bucket-owner-full-control",\#
                "key":"AWSLogs/<<account>>/vpcflowlogs/<<region>>/<<day>>/<<account>>_vpcflowlogs_<<region>>_fl-\#
                0<<id>>_<<slot>>_<<hex8>>.log.gz"}
                """#,
            response: #"""
                {"x-amz-expiration":"expiry-date=\"Fri, 30 May 2025 00:00:00 GMT\", rule-id=\"expire-logs\""}
                """#,
            caller: .service("delivery.logs"),
            resources: #"""
                [{"type":"AWS::S3::Object",\#
                "ARN":"arn:aws:s3:::<<logBucket>>/AWSLogs/<<account>>/vpcflowlogs/<<region>>/<<day>>/<<account>>\#
                _vpcflowlogs_<<region>>_fl-0<<id>>_<<slot>>_<<hex8>>.log.gz"},{"accountId":"<<account>>",\#
                "type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<<logBucket>>"}]
                """#,
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256",\#
                "bytesTransferredIn":<<bigNumber>>.0,"AuthenticationMethod":"AuthHeader",\#
                "x-amz-id-2":"<<hostID>>","bytesTransferredOut":0.0}
                """#,
            isData: true,
            failures: [.init("AccessDenied", "Access Denied", 300)],
            isShared: true,
            hasEndpoint: true
        ),
        CallTemplate(
            "s3",
            "GetObject",
            weight: 2600,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com",\#
                "key":"<<objectKey>>"}
                """#,
            resources: "<<objectResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256",\#
                "bytesTransferredIn":0.0,"SSEApplied":"SSE_S3","AuthenticationMethod":"AuthHeader",\#
                "x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<bigNumber>>.0}
                """#,
            isData: true,
            failures: [
                .init("AccessDenied", "Access Denied", 30), .init("NoSuchKey", "The specified key does not exist.", 20),
            ]
        ),
        CallTemplate(
            "s3",
            "PutObject",
            weight: 1300,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com",\#
                "key":"<<objectKey>>"}
                """#,
            response: #"{"x-amz-server-side-encryption":"AES256"}"#,
            resources: "<<objectResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256",\#
                "bytesTransferredIn":<<bigNumber>>.0,"AuthenticationMethod":"AuthHeader",\#
                "x-amz-id-2":"<<hostID>>","bytesTransferredOut":0.0}
                """#,
            isData: true
        ),
        CallTemplate(
            "s3",
            "ListBuckets",
            weight: 500,
            request: #"{"Host":"s3.<<region>>.amazonaws.com"}"#,
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>",\#
                "bytesTransferredOut":<<bigNumber>>}
                """#
        ),
        CallTemplate(
            "s3",
            "GetBucketAcl",
            weight: 300,
            request: #"{"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","acl":""}"#,
            caller: .otherAccount,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#
        ),
        CallTemplate(
            "s3",
            "GetBucketPublicAccessBlock",
            weight: 400,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com",\#
                "publicAccessBlock":""}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [.init("AccessDenied", "Access Denied", 60)]
        ),
        CallTemplate(
            "s3",
            "GetBucketPolicyStatus",
            weight: 300,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","policyStatus":""}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [
                .init("AccessDenied", "Access Denied", 50),
                .init("NoSuchBucketPolicy", "The bucket policy does not exist", 50),
            ]
        ),
        CallTemplate(
            "s3",
            "GetBucketPolicy",
            weight: 400,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","policy":""}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [
                .init("AccessDenied", "Access Denied", 50),
                .init("NoSuchBucketPolicy", "The bucket policy does not exist", 50),
            ]
        ),
        CallTemplate(
            "s3",
            "GetBucketEncryption",
            weight: 400,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","encryption":""}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [.init("AccessDenied", "Access Denied", 60)]
        ),
        CallTemplate(
            "s3",
            "GetBucketLocation",
            weight: 500,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","location":""}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,\#
                "AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>","bytesTransferredOut":<<number>>}
                """#,
            failures: [.init("AccessDenied", "Access Denied", 60)]
        ),
        CallTemplate(
            "s3",
            "PutBucketPolicy",
            weight: 100,
            request: #"""
                {"bucketName":"<<bucket>>","Host":"<<bucket>>.s3.<<region>>.amazonaws.com","policy":"",\#
                "bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"AllowCF","Effect":"Allow",\#
                "Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject",\#
                "Resource":"arn:aws:s3:::<<bucket>>/*"}]}}
                """#,
            resources: "<<bucketResource>>",
            additional: #"""
                {"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256",\#
                "bytesTransferredIn":<<number>>,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<<hostID>>",\#
                "bytesTransferredOut":0}
                """#
        ),
    ]
}

import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct CallTransformTests {
    /// A record's fields, without braces, and the object that must be added; nil when there is none.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let fields: String
        let expected: String?

        init(_ name: String, _ fields: String, _ expected: String?) {
            testDescription = name
            self.fields = fields
            self.expected = expected
        }
    }

    @Test(arguments: outcomes + writes + sources + tools + arns + targets)
    func addsTheCall(_ example: Case) throws {
        #expect(try added([example]) == [example.expected])
    }

    /// Nothing of one record is left for the next.
    @Test func recordsHaveNoSayInEachOther() throws {
        let cases = Self.outcomes + Self.writes + Self.sources + Self.tools + Self.arns + Self.targets
        #expect(try added(cases + cases.reversed()) == (cases + cases.reversed()).map(\.expected))
    }

    /// As a sink writes them: nil for a record without the key.
    private func added(_ cases: [Case]) throws -> [String?] {
        let run = try TransformRun(CallTransform.self)
        let batch = try run.batch(cases.map { "{\($0.fields)}" })
        try #require(batch.rowCount == cases.count)
        let column = try #require(batch.columns.first)
        return (0..<batch.rowCount).map { column.isSet(row: $0) ? JSONLines.objectText(of: column, row: $0) : nil }
    }

    static let outcomes: [Case] = [
        Case("a call", #""eventName":"GetX""#, #"{"outcome":"success","write":false}"#),
        Case("an error", #""errorCode":"X","errorMessage":"y""#, #"{"outcome":"failure","error":"X"}"#),
        Case(
            "a message alone",
            #""errorMessage":"Failed authentication""#,
            #"{"outcome":"failure","error":"Failed authentication"}"#
        ),
        Case("no error", #""errorCode":"","errorMessage":null"#, #"{"outcome":"success"}"#),
        Case("a dry run", #""errorCode":"DryRunOperation""#, #"{"outcome":"dry_run","error":"DryRunOperation"}"#),
        Case(
            "a dry run of EC2",
            #""errorCode":"Client.DryRunOperation","errorMessage":"x""#,
            #"{"outcome":"dry_run","error":"Client.DryRunOperation"}"#
        ),
        Case("no dry run", #""errorCode":"XDryRunOperation""#, #"{"outcome":"failure","error":"XDryRunOperation"}"#),
        Case(
            "a sign-in that failed",
            #""eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"}"#,
            #"{"outcome":"failure","write":true}"#
        ),
        Case(
            "the same in a service event",
            #""eventName":"UserAuthentication","serviceEventDetails":{"UserAuthentication":"Failure"}"#,
            #"{"outcome":"failure","write":true}"#
        ),
        Case(
            "something else that fails",
            #""eventName":"X","responseElements":{"status":"failing-over","Y":"Failure"}"#,
            #"{"outcome":"success","write":true}"#
        ),
        Case("an Insight event", #""eventType":"AwsCloudTrailInsight","errorCode":"x""#, nil),
        Case("the same by its category", #""eventCategory":"Insight""#, nil),
        Case("an aggregated event", #""eventType":"AwsAggregatedEvent""#, nil),
        Case("the same by its category", #""eventCategory":"Aggregated""#, nil),
    ]

    static let writes: [Case] = [
        ("\"eventName\":\"PutX\",\"readOnly\":true", "false"),
        ("\"eventName\":\"GetX\",\"readOnly\":\"false\"", "true"),
        ("\"eventName\":\"BatchGetX\",\"readOnly\":null", "false"), ("\"eventName\":\"BatchPutX\"", "true"),
        ("\"eventName\":\"DescribeX\"", "false"), ("\"eventName\":\"ListX\"", "false"), ("\"readOnly\":false", "true"),
    ].map { Case($0.0, $0.0, #"{"outcome":"success","write":\#($0.1)}"#) }

    static let sources: [Case] = [
        ("203.0.113.7", "ip"), ("2001:db8::7", "ip"), ("::ffff:1.2.3.4", "ip"), ("1.2.3", nil), ("256.1.1.1", nil),
        ("1::2::3", nil), ("ec2.amazonaws.com", "service"), ("aws-mcp.us-east-1.api.aws", "service"),
        ("AWS Internal", "internal"), ("AWS Internal/3", "internal"), ("unknown", nil), ("a b.com", nil),
    ].map { (text: String, source: String?) in
        let value = source == "internal" ? "" : source.map { #","\#($0)":"\#(text)""# } ?? ""
        let kind = source.map { #","source":"\#($0)""# } ?? ""
        return Case(text, #""sourceIPAddress":"\#(text)""#, #"{"outcome":"success"\#(kind)\#(value)}"#)
    }

    static let tools: [Case] = [
        ("aws-cli/2.13.1 Python/3.11.4 Linux/5.10", "aws-cli", "2.13.1"),
        ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1]", "S3Console", "0.4"), ("[Boto3/1.9]", "Boto3", "1.9"),
        ("aws-internal/3, sally-generated exec-env/AWS_Lambda_java8", "aws-internal", "3"),
        ("console.amazonaws.com", "console.amazonaws.com", nil), ("AWS Internal/3", "AWS Internal", nil),
        ("AWS CloudWatch Console, aws-internal/3", "AWS CloudWatch Console", nil),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/1", "browser", nil),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.5.0 (+https://www.terraform.io)", "Terraform", "1.5.0"),
        ("aws-sdk-go/1.8 (go1.8; linux) APN/1.0 HashiCorp/1.0 Terraform/0.9.2", "Terraform", "0.9.2"),
        ("APN/1.0", "APN", "1.0"), ("Coral/Netty4", "Coral", "Netty4"),
        ("Apache-HttpClient (Java 1.8)", "Apache-HttpClient", nil), ("sally generated/1", "sally", nil),
        ("/1", nil, nil),
    ].map { (agent: String, tool: String?, version: String?) in
        let members = (tool.map { #","tool":"\#($0)""# } ?? "") + (version.map { #","toolVersion":"\#($0)""# } ?? "")
        return Case(agent, #""userAgent":"\#(agent)""#, #"{"outcome":"success"\#(members)}"#)
    }

    static let arns: [Case] = [
        Case(
            "of resources, request and response, each once",
            #"""
            "resources":[{"type":"x","ARN":"arn:aws:s3:::b"},{"ARNPrefix":"arn:aws:s3:::b/"},null],\#
            "requestParameters":{"a":["arn:aws:s3:::c","arn:aws:s3:::b"],"arn:aws:s3:::key":1},\#
            "responseElements":{"x":{"y":"arn:aws:iam::1:role\/D\"q"}}
            """#,
            #"{"outcome":"success","arns":["arn:aws:s3:::b","arn:aws:s3:::c","arn:aws:iam::1:role/D\"q"]}"#
        ),
        Case(
            "what only begins like one",
            #""resources":{"ARN":"arn:aws:s3:::b"},"requestParameters":["arn:","arn:aws:s3:::","xarn:aws:s3:::b"]"#,
            #"{"outcome":"success"}"#
        ),
        Case(
            "so many that they are looked up",
            #""requestParameters":[\#((0..<100).map { "\"arn:aws:s3:::\($0 % 40)\"" }.joined(separator: ","))]"#,
            #"{"outcome":"success","arns":[\#((0..<40).map { "\"arn:aws:s3:::\($0)\"" }.joined(separator: ","))]}"#
        ),
    ]

    static let targets: [Case] = [
        target(
            "AddUserToGroup",
            "iam",
            #"{"userName":"u","groupName":"g"}"#,
            "null",
            #""targetUser":"u","targetGroup":"g""#
        ),
        target("PassRole", "iam", #"{"RoleName":"r"}"#, "{}", #""targetRole":"r""#),
        target(
            "CreateAccessKey",
            "iam",
            "null",
            #"{"accessKey":{"userName":"u","accessKeyId":"AKIA1"}}"#,
            #""targetUser":"u","issuedKey":"AKIA1""#
        ),
        target("CreateX", "iam", #"{"userName":""}"#, #"{"group":{"groupName":"g"}}"#, #""targetGroup":"g""#),
        target(
            "AssumeRole",
            "sts",
            #"{"roleArn":"arn:aws:iam::1:role/path/Dev"}"#,
            #"{"credentials":{"accessKeyId":"ASIA1"}}"#,
            #""arns":["arn:aws:iam::1:role/path/Dev"],"targetRole":"Dev","issuedKey":"ASIA1""#
        ),
        target("GetFederationToken", "sts", #"{"name":"bob"}"#, "null", #""targetUser":"bob""#),
        target("OtherCall", "sts", #"{"name":"bob","userName":"u"}"#, "null", ""),
        target("CreateUser", "rds", #"{"userName":"u","roleName":"r"}"#, "null", ""),
        target(
            "CreateBucketAccessKey",
            "lightsail",
            "{}",
            #"{"accessKey":{"accessKeyId":"AKIA2"}}"#,
            #""issuedKey":"AKIA2""#
        ),
    ]

    private static func target(
        _ action: String,
        _ service: String,
        _ request: String,
        _ response: String,
        _ members: String
    ) -> Case {
        let write = action.hasPrefix("Get") ? "false" : "true"
        return Case(
            "\(action) of \(service)",
            """
            "eventSource":"\(service).amazonaws.com","eventName":"\(action)","requestParameters":\(request),\
            "responseElements":\(response)
            """,
            #"{"outcome":"success","write":\#(write)\#(members.isEmpty ? "" : "," + members)}"#
        )
    }
}

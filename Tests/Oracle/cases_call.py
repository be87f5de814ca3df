"""What `call` reads (A42): outcomes, sources, user agents, ARNs, targets and keys."""

import itertools

from cases import Absent, compact, trail

ARN = "arn:aws:iam::111122223333:role/path/Dev"
SOURCES = (
    Absent, None, "", 5, "203.0.113.7", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "::1", "2001:db8::7", "::ffff:1.2.3.4", "1::2::3",
    "fe80::1%eth0", ":", "AWS Internal", "AWS Internal/3", "aws internal", "ec2.amazonaws.com", "cloudtrail.amazonaws.com.cn",
    "aws-mcp.us-east-1.api.aws", "localhost", ".amazonaws.com", "a..com", "x.1", "a b.com", "é.com", "HIDDEN_DUE_TO_SECURITY_REASONS",
    "a" * 44 + ".com", "1" * 60,
)
AGENTS = (
    Absent, None, "", 5, "aws-cli/2.13.1 Python/3.11.4 Linux/5.10 exe/x86_64.amzn.2 prompt/off command/s3.ls", "Boto3/1.26.90 Python/3.9 Botocore/1.29.90",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1]", "[aws-sdk-java/1.11.106 Linux/4.9]", "[Boto3/1.9]", "console.amazonaws.com", "AWS Internal",
    "AWS Internal/3", "aws-internal/3, sally-generated exec-env/AWS_Lambda_java8", "Coral/Netty4", "Mozilla/5.0 (Windows NT 10.0; Win64) Firefox/1", "Mozilla",
    "APN/1.0 HashiCorp/1.0 Terraform/1.5.0 (+https://www.terraform.io) terraform-provider-aws/5.0", "APN/1.0", "APN/1.0 HashiCorp/1.0", "APN/1.0 ",
    "aws-sdk-go/1.8 (go1.8; linux; amd64) APN/1.0 HashiCorp/1.0 Terraform/0.9.2", "xAPN/1.0 Tool/2", "APN/1.0 Pulumi/1.0 (3.1)", "APN/1.0  Two/1",
    "AWS CloudWatch Console, aws-internal/3 x", "Apache-HttpClient/4.5 (Java/1.8)", "Apache-HttpClient (Java 1.8)", "sally generated/1", "/1", "a/", "a//b", " x/1",
    "[", "]", "[]", "(x)", "a;b", "name with spaces  ", "kubernetes/v1.2; x", "Zoë/1.0 \"q\" \\ 😀", "aws-sdk-go-v2/1.17 os/linux lang/go#1.20 md/GOOS#linux",
)


def add(tree):
    for name, records in (("outcomes", outcomes(tree)), ("places", places(tree)), ("arns", arns(tree)), ("targets", targets(tree))):
        lines = [compact({key: value for key, value in each.items() if value is not Absent}) for each in records]
        tree.good(f"call/{name}.json", trail(lines), len(lines), "A42")


def outcomes(tree):
    codes = (Absent, None, "", 5, "AccessDenied", "DryRunOperation", "Client.DryRunOperation", "XDryRunOperation", "dryrunoperation", "DryRunOperation.x")
    for code, message in itertools.product(codes, (Absent, "", "Failed authentication", None, 1)):
        yield tree.event(errorCode=code, errorMessage=message)
    answers = (Absent, None, {}, "Failure", {"ConsoleLogin": "Failure"}, {"ConsoleLogin": "failure"}, {"ConsoleLogin": "Success"},
               {"ConsoleLogin": {"ConsoleLogin": "Failure"}}, {"x": "Failure"}, {"": "Failure"}, ["Failure"], {"ConsoleLogin": None})
    for response, details, action in itertools.product(answers, answers[:6], ("ConsoleLogin", "", Absent, 5)):
        yield tree.event(responseElements=response, serviceEventDetails=details, eventName=action)
    for kind, category in itertools.product(
        (Absent, "AwsApiCall", "AwsCloudTrailInsight", "AwsAggregatedEvent", "awscloudtrailinsight", ""), (Absent, "Management", "Insight", "Aggregated", "", 5)
    ):
        yield tree.event(eventType=kind, eventCategory=category, errorCode="x")
    for read_only, action in itertools.product((Absent, None, True, False, "true", "false", "True", 1), ("GetX", "List", "DescribeY", "BatchGetZ", "BatchDo", "get", "", Absent)):
        yield tree.event(readOnly=read_only, eventName=action)


def places(tree):
    for source in SOURCES:
        yield tree.event(sourceIPAddress=source)
    for agent in AGENTS:
        yield tree.event(userAgent=agent)


def arns(tree):
    values = (
        Absent, None, ARN, "arn:", "arn:aws:s3:::", "arn:aws:s3:::b", "arn:a:b:c:d", "xarn:aws:s3:::b", "ARN:aws:s3:::b", [ARN, "x", "arn:aws:s3:::b", ARN],
        {"a": ARN, "arn:aws:s3:::key": {"b": [{"c": "arn:aws:s3:::deep/é \"q\""}, [ARN]]}}, 5, "a", [],
    )
    for resources in (Absent, None, [], {}, "x", [None, 5, "arn:aws:s3:::r"], [{"ARN": ARN, "accountId": "1", "type": "t"}, {"ARNPrefix": "arn:aws:s3:::p/"}],
                      [{"ARN": 5}, {"ARN": ""}, {"arn": ARN}, {"ARN": "not one"}, {"type": ARN, "ARN": "arn:aws:s3:::z"}]):
        for request, response in itertools.product(values, values):
            yield tree.event(resources=resources, requestParameters=request if request is Absent else {"x": request}, responseElements=response)
    yield tree.event(requestParameters={"many": [f"arn:aws:s3:::{number % 40}" for number in range(200)]})


def targets(tree):
    for source in ("iam.amazonaws.com", "sts.amazonaws.com", "lightsail.amazonaws.com", "IAM.amazonaws.com", Absent):
        for action in ("CreateUser", "GetFederationToken", "AssumeRole"):
            for request in (
                Absent, None, {}, {"userName": "u", "roleName": "r", "groupName": "g", "name": "n", "roleArn": ARN}, {"UserName": "u", "ROLENAME": "r"},
                {"userName": "", "groupName": 5, "roleArn": "x", "name": "HIDDEN_DUE_TO_SECURITY_REASONS"}, {"roleArn": "arn:aws:iam::1:user/x"},
                {"userName": "HIDDEN_DUE_TO_SECURITY_REASONS"},
            ):
                for response in (
                    Absent, None, "x", {}, {"user": {"userName": "ru"}, "role": {"roleName": "rr"}, "group": {"groupName": "rg"}},
                    {"accessKey": {"userName": "ku", "accessKeyId": "AKIA1", "status": "Active"}}, {"accessKey": "AKIA"},
                    {"credentials": {"accessKeyId": "ASIA1", "expiration": "x"}, "assumedRoleUser": {"arn": "arn:aws:sts::1:assumed-role/Dev/s"}},
                    {"credentials": {"accessKeyId": "ASIA1"}, "accessKey": {"accessKeyId": "AKIA1"}}, {"credentials": None, "user": []},
                ):
                    yield tree.event(eventSource=source, eventName=action, requestParameters=request, responseElements=response)

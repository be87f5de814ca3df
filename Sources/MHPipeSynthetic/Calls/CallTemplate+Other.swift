extension CallTemplate {
    /// Calls of the many services that are called now and then, and the rare records of tens of kilobytes.
    static let other: [CallTemplate] = [
        CallTemplate(
            "monitoring",
            "DescribeAlarms",
            weight: 600,
            request: #"{"alarmNames":[],"maxRecords":100,"stateValue":"ALARM"}"#,
            apiVersion: "2010-08-01"
        ),
        CallTemplate(
            "monitoring",
            "PutMetricAlarm",
            weight: 150,
            request: #"""
                {"alarmName":"<<app>>-<<environment>>-cpu","metricName":"CPUUtilization","namespace":"AWS/EC2",\#
                "period":300,"threshold":80.0,"evaluationPeriods":2,"comparisonOperator":"GreaterThanThreshold",\#
                "statistic":"Average","dimensions":[{"name":"InstanceId","value":"i-0<<id>>"}]}
                """#,
            apiVersion: "2010-08-01"
        ),
        CallTemplate(
            "logs",
            "DescribeLogGroups",
            weight: 700,
            request: #"{"logGroupNamePrefix":"/aws/lambda/<<app>>","limit":50}"#
        ),
        CallTemplate(
            "logs",
            "CreateLogStream",
            weight: 2000,
            request: #"""
                {"logGroupName":"/aws/lambda/<<app>>-<<environment>>-handler",\#
                "logStreamName":"<<day>>/[$LATEST]<<hex32>>"}
                """#,
            apiVersion: "20140328"
        ),
        CallTemplate(
            "rds",
            "DescribeDBInstances",
            weight: 1000,
            request: #"{"dBInstanceIdentifier":"<<app>>-<<environment>>-db"}"#
        ),
        CallTemplate(
            "rds",
            "ListTagsForResource",
            weight: 400,
            request: #"{"resourceName":"arn:aws:rds:<<region>>:<<account>>:db:<<app>>-<<environment>>-db"}"#
        ),
        CallTemplate(
            "dynamodb",
            "DescribeTable",
            weight: 600,
            request: #"{"tableName":"<<app>>-<<environment>>"}"#,
            resources: #"""
                [{"accountId":"<<account>>","type":"AWS::DynamoDB::Table",\#
                "ARN":"arn:aws:dynamodb:<<region>>:<<account>>:table/<<app>>-<<environment>>"}]
                """#,
            apiVersion: "2012-08-10"
        ),
        CallTemplate(
            "cloudtrail",
            "GetTrailStatus",
            weight: 400,
            request: #"{"name":"arn:aws:cloudtrail:<<region>>:<<account>>:trail/<<trail>>"}"#
        ),
        CallTemplate(
            "cloudtrail",
            "DescribeTrails",
            weight: 400,
            request: #"{"includeShadowTrails":false,"trailNameList":[]}"#
        ),
        CallTemplate(
            "cloudtrail",
            "LookupEvents",
            weight: 300,
            request: #"{"maxResults":50,"startTime":"<<dateBefore>>","endTime":"<<date>>"}"#,
            failures: [.init("ThrottlingException", "Rate exceeded", 100)]
        ),
        CallTemplate(
            "config",
            "PutEvaluations",
            weight: 300,
            request: #"""
                {"evaluations":[{"complianceResourceType":"AWS::EC2::Instance",\#
                "complianceResourceId":"i-0<<id>>","complianceType":"COMPLIANT",\#
                "orderingTimestamp":"<<date>>"}],"resultToken":"<<base64>><<base64>>","testMode":false}
                """#,
            response: #"{"failedEvaluations":[]}"#
        ),
        CallTemplate(
            "config",
            "SelectResourceConfig",
            weight: 100,
            request: #"""
                {"expression":"SELECT resourceId WHERE resourceType = \u0027AWS::EC2::Instance\u0027",\#
                "limit":100}
                """#,
            isReadOnly: true
        ),
        CallTemplate(
            "health",
            "DescribeEventAggregates",
            weight: 600,
            request: #"""
                {"filter":{"startTimes":[{"from":"<<dateBefore>>"}],"eventStatusCodes":["open","upcoming"]},\#
                "aggregateField":"eventTypeCategory"}
                """#,
            caller: .console
        ),
        CallTemplate(
            "cloudformation",
            "DescribeStacks",
            weight: 600,
            request: #"{"stackName":"<<app>>-<<environment>>"}"#,
            failures: [.init("ValidationError", "Stack with id <<app>>-<<environment>> does not exist", 80)],
            apiVersion: "2010-05-15"
        ),
        CallTemplate(
            "securityhub",
            "BatchImportFindings",
            weight: 200,
            request: #"""
                {"findings":[{"schemaVersion":"2018-10-08",\#
                "id":"arn:aws:inspector2:<<region>>:<<account>>:finding/<<hex32>>",\#
                "productArn":"arn:aws:securityhub:<<region>>::product/aws/inspector",\#
                "generatorId":"AWSInspector","awsAccountId":"<<account>>",\#
                "types":["Software and Configuration Checks/Vulnerabilities/CVE"],"createdAt":"<<now>>",\#
                "severity":{"label":"HIGH","normalized":70},"title":"CVE-2024-<<bigNumber>> - openssl",\#
                "description":"A flaw was found in how the library handled \"<<app>>\" input; see https://exampl\#
                e.com/?a\u003d1\u0026b\u003d2"}]}
                """#,
            response: #"{"failedCount":0,"successCount":1,"failedFindings":[]}"#,
            isReadOnly: false
        ),
        CallTemplate(
            "tagging",
            "GetResources",
            weight: 300,
            request: #"{"resourcesPerPage":100,"tagFilters":[{"key":"team","values":["<<team>>"]}]}"#
        ),
        CallTemplate(
            "sqs",
            "GetQueueAttributes",
            weight: 400,
            request: #"""
                {"queueUrl":"https://sqs.<<region>>.amazonaws.com/<<account>>/<<app>>-<<environment>>",\#
                "attributeNames":["All"]}
                """#
        ),
        CallTemplate(
            "route53",
            "ListResourceRecordSets",
            weight: 200,
            request: #"{"hostedZoneId":"Z0<<unique>>","maxItems":100}"#,
            apiVersion: "2013-04-01"
        ),
        CallTemplate(
            "glue",
            "GetTable",
            weight: 500,
            request: #"{"databaseName":"<<team>>","name":"<<app>>"}"#,
            failures: [.init("EntityNotFoundException", "Table <<app>> not found.", 50)]
        ),
        CallTemplate(
            "athena",
            "StartQueryExecution",
            weight: 200,
            request: #"""
                {"queryString":"***OMITTED***","clientRequestToken":"<<uuid>>",\#
                "queryExecutionContext":{"database":"<<team>>"},\#
                "resultConfiguration":{"outputLocation":"s3://<<bucket>>/results/"},"workGroup":"primary"}
                """#,
            response: #"{"queryExecutionId":"<<uuid>>"}"#
        ),
        CallTemplate(
            "cloudformation",
            "CreateStack",
            weight: 80,
            request: #"""
                {"stackName":"<<app>>-<<environment>>-<<hex8>>",\#
                "templateURL":"https://s3.amazonaws.com/<<bucket>>/<<objectKey>>",\#
                "parameters":[{"parameterKey":"VpcId","parameterValue":"vpc-0<<id>>"}],\#
                "capabilities":["CAPABILITY_IAM"],"tags":[{"key":"team","value":"<<team>>"}],\#
                "disableRollback":false}
                """#,
            response: #"""
                {"stackId":"arn:aws:cloudformation:<<region>>:<<account>>:stack/<<app>>-<<environment>>-<<hex8>>\#
                /<<uuid>>"}
                """#
        ),
        CallTemplate(
            "servicecatalog",
            "CreateProvisioningArtifact",
            weight: 35,
            request: #"""
                {"parameters":{"name":"v<<number>>",\#
                "info":{"Template":"AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n<<template>>"}}}
                """#
        ),
        CallTemplate(
            "redshift",
            "DescribeClusterParameters",
            weight: 22,
            request: #"{"parameterGroupName":"default.redshift-1.0"}"#,
            response: #"{"parameters":[<<parameters>>]}"#
        ),
    ]
}

extension CallTemplate {
    /// Calls that a filter on Migration Hub must not keep: other migration services, and requests that mention its names.
    static let nearMigration: [CallTemplate] = [
        CallTemplate(
            "discovery",
            "DescribeAgents",
            weight: 90,
            request: #"{"filters":[],"maxResults":100}"#,
            failures: [
                .init("AccessDenied", "User: <<caller>> is not authorized to perform: discovery:DescribeAgents", 200),
                .init("HomeRegionNotSetException", "The home Region is not set. Set the home Region to continue.", 100),
            ]
        ),
        CallTemplate(
            "discovery",
            "ListConfigurations",
            weight: 70,
            request: #"""
                {"configurationType":"SERVER","filters":[{"name":"server.hostName","values":["<<app>>-01"],\#
                "condition":"CONTAINS"}],"maxResults":100}
                """#
        ),
        CallTemplate(
            "discovery",
            "DescribeConfigurations",
            weight: 70,
            request: #"{"configurationIds":["<<server>>"]}"#
        ),
        CallTemplate(
            "discovery",
            "CreateApplication",
            weight: 15,
            request: #"{"name":"<<app>>-<<environment>>","description":"Migration Hub application"}"#,
            response: #"{"configurationId":"<<application>>"}"#
        ),
        CallTemplate(
            "discovery",
            "AssociateConfigurationItemsToApplication",
            weight: 20,
            request: #"{"applicationConfigurationId":"<<application>>","configurationIds":["<<server>>"]}"#
        ),
        CallTemplate(
            "mgn",
            "DescribeSourceServers",
            weight: 140,
            request: #"{"filters":{"isArchived":false},"maxResults":200}"#
        ),
        CallTemplate("mgn", "GetReplicationConfiguration", weight: 70, request: #"{"sourceServerID":"s-<<id>>"}"#),
        CallTemplate(
            "mgn",
            "StartCutover",
            weight: 15,
            request: #"{"sourceServerIDs":["s-<<id>>"],"tags":{}}"#,
            response: #"""
                {"job":{"jobID":"mgnjob-<<id>>","type":"LAUNCH","initiatedBy":"START_CUTOVER",\#
                "status":"PENDING"}}
                """#
        ),
        CallTemplate(
            "dms",
            "DescribeReplicationTasks",
            weight: 120,
            request: #"{"filters":[{"name":"replication-task-id","values":["<<app>>-to-aurora"]}]}"#
        ),
        CallTemplate("sms", "GetServers", weight: 20, request: #"{"maxResults":50}"#),
        CallTemplate(
            "sms",
            "GetApp",
            weight: 10,
            request: #"{"appId":"app-<<hex8>>"}"#,
            failures: [.denied("sms", "GetApp", 500)]
        ),
        CallTemplate(
            "iam",
            "PutRolePolicy",
            weight: 25,
            request: #"""
                {"roleName":"MigrationFactory-Lambda","policyName":"mgh",\#
                "policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\#
                [\"mgh:NotifyMigrationTaskState\",\"mgh:ImportMigrationTask\",\"mgh:*\"],\"Resource\":\"*\"}]}"}
                """#
        ),
        CallTemplate(
            "iam",
            "CreateServiceLinkedRole",
            weight: 10,
            request: #"{"aWSServiceName":"migrationhub.amazonaws.com"}"#,
            response: #"""
                {"role":{"path":"/aws-service-role/migrationhub.amazonaws.com/",\#
                "roleName":"AWSServiceRoleForMigrationHub","roleId":"AROA<<unique>>Q",\#
                "arn":"arn:aws:iam::<<account>>:role/aws-service-role/migrationhub.amazonaws.com/AWSServiceRoleF\#
                orMigrationHub","createDate":"<<date>>"}}
                """#,
            failures: [
                .init(
                    "InvalidInputException",
                    #"""
                    Service role name AWSServiceRoleForMigrationHub has been taken in this account, please try a dif\#
                    ferent suffix.
                    """#,
                    500
                )
            ]
        ),
        CallTemplate(
            "cloudtrail",
            "LookupEvents",
            weight: 25,
            request: #"""
                {"lookupAttributes":[{"attributeKey":"EventSource","attributeValue":"mgh.amazonaws.com"}],\#
                "maxResults":50}
                """#
        ),
        CallTemplate(
            "cloudtrail",
            "LookupEvents",
            weight: 20,
            request: #"""
                {"lookupAttributes":[{"attributeKey":"EventSource",\#
                "attributeValue":"migrationhub.amazonaws.com"}],"maxResults":50}
                """#
        ),
        CallTemplate(
            "cloudtrail",
            "LookupEvents",
            weight: 15,
            request: #"""
                {"lookupAttributes":[{"attributeKey":"EventName","attributeValue":"NotifyMigrationTaskState"}],\#
                "maxResults":50}
                """#
        ),
        CallTemplate(
            "events",
            "PutRule",
            weight: 10,
            request: #"""
                {"name":"mgh-watch",\#
                "eventPattern":"{\"source\":[\"aws.mgh\"],\"detail\":{\"eventSource\":[\"mgh.amazonaws.com\"]}}",\#
                "state":"ENABLED"}
                """#,
            response: #"{"ruleArn":"arn:aws:events:<<region>>:<<account>>:rule/mgh-watch"}"#
        ),
    ]
}

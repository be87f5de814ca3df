extension CallTemplate {
    /// Calls of the services of the Migration Hub family: strategy, orchestrator, refactor spaces.
    static let migrationFamily: [CallTemplate] = [
        .hub(
            "migrationhub-strategy",
            "GetServerDetails",
            weight: 1400,
            request: #"{"serverId":"<<server>>","maxResults":10}"#
        ),
        .hub(
            "migrationhub-strategy",
            "ListServers",
            weight: 1000,
            request: #"{"serverCriteria":"SERVER_ID","maxResults":50,"sort":"ASC"}"#
        ),
        .hub("migrationhub-strategy", "GetPortfolioSummary", weight: 800),
        .hub(
            "migrationhub-strategy",
            "StartAssessment",
            weight: 300,
            request: #"""
                {"s3bucketForAnalysisData":"migrationhub-strategy-<<hex8>>",\#
                "s3bucketForReportData":"migrationhub-strategy-<<hex8>>",\#
                "assessmentTargets":[{"condition":"EQUALS","name":"server-id","values":["<<server>>"]}]}
                """#,
            response: #"{"assessmentId":"<<uuid>>"}"#
        ),
        .hub(
            "migrationhub-strategy",
            "UpdateServerConfig",
            weight: 300,
            request: #"""
                {"serverId":"<<server>>","strategyOption":{"strategy":"Rehost",\#
                "toolName":"Application Migration Service",\#
                "targetDestination":"Amazon Elastic Cloud Compute (EC2)","isPreferred":true}}
                """#
        ),
        .hub("migrationhub-orchestrator", "GetWorkflow", weight: 1000, request: #"{"id":"mw-<<hex12>>"}"#),
        .hub("migrationhub-orchestrator", "ListWorkflows", weight: 800, request: #"{"maxResults":100}"#),
        .hub(
            "migrationhub-orchestrator",
            "GetWorkflowStep",
            weight: 1200,
            request: #"{"stepGroupId":"sg-<<hex8>>","id":"st-<<hex12>>","workflowId":"mw-<<hex12>>"}"#
        ),
        .hub(
            "migrationhub-orchestrator",
            "CreateWorkflow",
            weight: 300,
            request: #"""
                {"name":"<<app>>-rehost","description":"<<description>>","templateId":"tmpl-rehost-ec2",\#
                "applicationConfigurationId":"<<application>>",\#
                "inputParameters":{"region":{"stringValue":"<<region>>"},\#
                "sourceServers":{"listOfStringsValue":["<<server>>"]},"port":{"integerValue":22}},\#
                "stepTargets":["<<server>>"],"tags":{"team":"<<team>>"}}
                """#,
            response: #"""
                {"id":"mw-<<hex12>>",\#
                "arn":"arn:aws:migrationhub-orchestrator:<<region>>:<<account>>:workflow/mw-<<hex12>>",\#
                "name":"<<app>>-rehost","templateId":"tmpl-rehost-ec2",\#
                "adsApplicationConfigurationId":"<<application>>","status":"CREATING",\#
                "creationTime":<<milliseconds>>,"tags":{"team":"<<team>>"}}
                """#
        ),
        .hub(
            "migrationhub-orchestrator",
            "RetryWorkflowStep",
            weight: 200,
            request: #"{"workflowId":"mw-<<hex12>>","stepGroupId":"sg-<<hex8>>","id":"st-<<hex12>>"}"#,
            response: #"""
                {"stepGroupId":"sg-<<hex8>>","workflowId":"mw-<<hex12>>","id":"st-<<hex12>>","status":"READY"}
                """#
        ),
        .hub(
            "refactor-spaces",
            "ListRoutes",
            weight: 600,
            request: #"{"EnvironmentIdentifier":"env-<<unique>>","ApplicationIdentifier":"app-<<unique>>"}"#
        ),
        .hub("refactor-spaces", "GetEnvironment", weight: 600, request: #"{"EnvironmentIdentifier":"env-<<unique>>"}"#),
        .hub(
            "refactor-spaces",
            "CreateService",
            weight: 200,
            request: #"""
                {"EndpointType":"URL","Name":"<<app>>","VpcId":"vpc-0<<id>>",\#
                "UrlEndpoint":{"Url":"https://<<app>>.example.com/?a\u003d1",\#
                "HealthUrl":"https://<<app>>.example.com/health"},"ClientToken":"<<uuid>>",\#
                "EnvironmentIdentifier":"env-<<unique>>","ApplicationIdentifier":"app-<<unique>>"}
                """#,
            response: #"""
                {"Arn":"arn:aws:refactor-spaces:<<region>>:<<account>>:environment/env-<<unique>>/application/ap\#
                p-<<unique>>/service/svc-<<unique>>","EndpointType":"URL","State":"CREATING",\#
                "CreatedTime":"<<now>>"}
                """#
        ),
    ]
}

extension CallTemplate {
    /// Calls of Migration Hub itself and of its home region.
    static let migrationHub: [CallTemplate] = [
        .hub(
            "migrationhub",
            "NotifyMigrationTaskState",
            weight: 33000,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "task":{"status":"<<status>>","statusDetail":"<<detail>>","progressPercent":<<percent>>},\#
                "updateDateTime":"<<updateTime>>","nextUpdateSeconds":300}
                """#
        ),
        .hub(
            "migrationhub",
            "NotifyMigrationTaskState",
            weight: 6000,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "task":{"status":"<<status>>"},"updateDateTime":"<<updateTime>>","nextUpdateSeconds":<<number>>,\#
                "dryRun":false}
                """#
        ),
        .hub(
            "migrationhub",
            "PutResourceAttributes",
            weight: 6000,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "resourceAttributeList":[{"type":"VM_NAME","value":"<<app>>-<<environment>>-<<number>>"},\#
                {"type":"IPV4_ADDRESS","value":"<<address>>"},{"type":"FQDN",\#
                "value":"<<app>>.corp.example.com"},{"type":"MAC_ADDRESS","value":"00:50:56:a1:b2:c3"},\#
                {"type":"BIOS_ID","value":"<<uuid>>"}]}
                """#
        ),
        .hub(
            "migrationhub",
            "ImportMigrationTask",
            weight: 4500,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>"}"#
        ),
        .hub(
            "migrationhub",
            "ImportMigrationTask",
            weight: 400,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>","dryRun":true}"#
        ),
        .hub(
            "migrationhub",
            "AssociateDiscoveredResource",
            weight: 3800,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "discoveredResource":{"configurationId":"<<server>>","description":"<<description>>"}}
                """#
        ),
        .hub(
            "migrationhub",
            "AssociateCreatedArtifact",
            weight: 3600,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "createdArtifact":{"name":"arn:aws:ec2:<<region>>:<<account>>:instance/i-0<<id>>",\#
                "description":"<<description>>"}}
                """#
        ),
        .hub(
            "migrationhub",
            "AssociateSourceResource",
            weight: 1200,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "sourceResource":{"name":"arn:aws:mgn:<<region>>:<<account>>:source-server/s-<<id>>",\#
                "description":"<<description>>","statusDetail":"<<detail>>"}}
                """#
        ),
        .hub(
            "migrationhub",
            "DisassociateCreatedArtifact",
            weight: 600,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "createdArtifactName":"arn:aws:ec2:<<region>>:<<account>>:image/ami-0<<id>>"}
                """#
        ),
        .hub(
            "migrationhub",
            "DisassociateDiscoveredResource",
            weight: 600,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "configurationId":"<<server>>"}
                """#
        ),
        .hub(
            "migrationhub",
            "DisassociateSourceResource",
            weight: 200,
            request: #"""
                {"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>",\#
                "sourceResourceName":"arn:aws:mgn:<<region>>:<<account>>:source-server/s-<<id>>"}
                """#
        ),
        .hub(
            "migrationhub",
            "NotifyApplicationState",
            weight: 2000,
            request: #"""
                {"applicationId":"<<application>>","status":"IN_PROGRESS","updateDateTime":"<<updateTime>>"}
                """#
        ),
        .hub(
            "migrationhub",
            "CreateProgressUpdateStream",
            weight: 500,
            request: #"{"progressUpdateStreamName":"<<stream>>"}"#
        ),
        .hub(
            "migrationhub",
            "DeleteProgressUpdateStream",
            weight: 200,
            request: #"{"progressUpdateStreamName":"<<stream>>"}"#
        ),
        .hub("migrationhub", "ListMigrationTasks", weight: 5500, request: #"{"maxResults":100}"#),
        .hub(
            "migrationhub",
            "ListMigrationTasks",
            weight: 800,
            request: #"{"nextToken":"<<base64>><<base64>>","maxResults":100,"resourceName":"<<task>>"}"#
        ),
        .hub(
            "migrationhub",
            "DescribeMigrationTask",
            weight: 5000,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>"}"#
        ),
        .hub(
            "migrationhub",
            "DescribeApplicationState",
            weight: 3000,
            request: #"{"applicationId":"<<application>>"}"#
        ),
        .hub(
            "migrationhub",
            "ListApplicationStates",
            weight: 1400,
            request: #"{"applicationIds":["<<application>>"],"maxResults":100}"#
        ),
        .hub("migrationhub", "ListApplicationStates", weight: 600),
        .hub("migrationhub", "ListProgressUpdateStreams", weight: 1200, request: #"{"maxResults":100}"#),
        .hub("migrationhub", "ListProgressUpdateStreams", weight: 500),
        .hub(
            "migrationhub",
            "ListCreatedArtifacts",
            weight: 1800,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>","maxResults":10}"#
        ),
        .hub(
            "migrationhub",
            "ListDiscoveredResources",
            weight: 1800,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>","maxResults":10}"#
        ),
        .hub(
            "migrationhub",
            "ListMigrationTaskUpdates",
            weight: 500,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>","maxResults":25}"#
        ),
        .hub(
            "migrationhub",
            "ListSourceResources",
            weight: 400,
            request: #"{"progressUpdateStream":"<<stream>>","migrationTaskName":"<<task>>"}"#
        ),
        .hub("migrationhub-config", "GetHomeRegion", weight: 4500),
        .hub(
            "migrationhub-config",
            "DescribeHomeRegionControls",
            weight: 1000,
            request: #"""
                {"homeRegion":"<<region>>","target":{"type":"ACCOUNT","id":"<<account>>"},"maxResults":1}
                """#
        ),
        .hub(
            "migrationhub-config",
            "CreateHomeRegionControl",
            weight: 300,
            request: #"""
                {"homeRegion":"<<region>>","target":{"type":"ACCOUNT","id":"<<account>>"},"dryRun":false}
                """#,
            response: #"""
                {"homeRegionControl":{"controlId":"hrc-<<id>>","homeRegion":"<<region>>",\#
                "target":{"type":"ACCOUNT","id":"<<account>>"},"requestedTime":"<<updateTime>>"}}
                """#
        ),
    ]
}

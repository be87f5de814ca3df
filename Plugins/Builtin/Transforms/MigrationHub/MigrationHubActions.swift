/// The actions of one service of the Migration Hub family, as CloudTrail names them.
///
/// Read off the service models in botocore 1.43 (the operations and API versions) and the CloudTrail pages in the AWS
/// documentation of each service (event sources, the names that models do not have, Journeys). Services add actions:
/// an event is recognised by its source, and by its action only where the record has no source.
struct MigrationHubActions {
    let service: MigrationHubService
    /// The values of `eventSource`.
    let sources: [StaticString]
    /// The names of the operations.
    let names: [String]
    /// Further names under which CloudTrail records an operation, and the operation.
    let otherNames: [String: String]

    init(
        _ service: MigrationHubService,
        sources: [StaticString],
        actions: String,
        otherNames: [String: String] = [:]
    ) {
        self.service = service
        self.sources = sources
        names = actions.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { String(Substring($0)) }
        self.otherNames = otherNames
    }

    /// The whole family.
    static let all = [
        // Migration Hub, API version 2017-05-31.
        MigrationHubActions(
            .migrationhub,
            sources: ["migrationhub.amazonaws.com", "mgh.amazonaws.com"],
            actions: """
                AssociateCreatedArtifact AssociateDiscoveredResource AssociateSourceResource
                CreateProgressUpdateStream DeleteProgressUpdateStream DescribeApplicationState DescribeMigrationTask
                DisassociateCreatedArtifact DisassociateDiscoveredResource DisassociateSourceResource
                ImportMigrationTask ListApplicationStates ListCreatedArtifacts ListDiscoveredResources
                ListMigrationTaskUpdates ListMigrationTasks ListProgressUpdateStreams ListSourceResources
                NotifyApplicationState NotifyMigrationTaskState PutResourceAttributes
                """
        ),
        // Migration Hub Config, 2019-06-30. No documentation shows its event source: these are the name of its endpoint
        // and the one in its Smithy model. Under the sources of Migration Hub the four names belong to it as well.
        MigrationHubActions(
            .config,
            sources: ["migrationhub-config.amazonaws.com", "migrationhubconfig.amazonaws.com"],
            actions: """
                CreateHomeRegionControl DeleteHomeRegionControl DescribeHomeRegionControls GetHomeRegion
                """
        ),
        // Migration Hub Orchestrator, 2021-08-28.
        MigrationHubActions(
            .orchestrator,
            sources: ["migrationhub-orchestrator.amazonaws.com"],
            actions: """
                CreateTemplate CreateWorkflow CreateWorkflowStep CreateWorkflowStepGroup DeleteTemplate
                DeleteWorkflow DeleteWorkflowStep DeleteWorkflowStepGroup GetTemplate GetTemplateStep
                GetTemplateStepGroup GetWorkflow GetWorkflowStep GetWorkflowStepGroup ListPlugins
                ListTagsForResource ListTemplateStepGroups ListTemplateSteps ListTemplates ListWorkflowStepGroups
                ListWorkflowSteps ListWorkflows RetryWorkflowStep StartWorkflow StopWorkflow TagResource
                UntagResource UpdateTemplate UpdateWorkflow UpdateWorkflowStep UpdateWorkflowStepGroup
                """,
            otherNames: [
                "CreateMigrationWorkflow": "CreateWorkflow",
                "DeleteMigrationWorkflow": "DeleteWorkflow",
                "GetMigrationWorkflowTemplate": "GetTemplate",
                "GetMigrationWorkflow": "GetWorkflow",
                "ListMigrationWorkflowTemplates": "ListTemplates",
                "ListMigrationWorkflows": "ListWorkflows",
                "StartMigrationWorkflow": "StartWorkflow",
                "StopMigrationWorkflow": "StopWorkflow",
                "UpdateMigrationWorkflow": "UpdateWorkflow",
            ]
        ),
        // Migration Hub Strategy Recommendations, 2020-02-19.
        MigrationHubActions(
            .strategy,
            sources: ["migrationhub-strategy.amazonaws.com"],
            actions: """
                GetApplicationComponentDetails GetApplicationComponentStrategies GetAssessment GetImportFileTask
                GetLatestAssessmentId GetPortfolioPreferences GetPortfolioSummary GetRecommendationReportDetails
                GetServerDetails GetServerStrategies ListAnalyzableServers ListApplicationComponents ListCollectors
                ListImportFileTask ListServers PutPortfolioPreferences StartAssessment StartImportFileTask
                StartRecommendationReportGeneration StopAssessment UpdateApplicationComponentConfig
                UpdateServerConfig
                """
        ),
        // Migration Hub Refactor Spaces, 2021-10-26.
        MigrationHubActions(
            .refactorSpaces,
            sources: ["refactor-spaces.amazonaws.com"],
            actions: """
                CreateApplication CreateEnvironment CreateRoute CreateService DeleteApplication DeleteEnvironment
                DeleteResourcePolicy DeleteRoute DeleteService GetApplication GetEnvironment GetResourcePolicy
                GetRoute GetService ListApplications ListEnvironmentVpcs ListEnvironments ListRoutes ListServices
                ListTagsForResource PutResourcePolicy TagResource UntagResource UpdateRoute
                """
        ),
        // Application Discovery Service, 2015-11-01.
        MigrationHubActions(
            .discovery,
            sources: ["discovery.amazonaws.com", "applicationdiscoveryservice.amazonaws.com"],
            actions: """
                AssociateConfigurationItemsToApplication BatchDeleteAgents BatchDeleteImportData CreateApplication
                CreateTags DeleteApplications DeleteTags DescribeAgents DescribeBatchDeleteConfigurationTask
                DescribeConfigurations DescribeContinuousExports DescribeExportConfigurations DescribeExportTasks
                DescribeImportTasks DescribeTags DisassociateConfigurationItemsFromApplication ExportConfigurations
                GetDiscoverySummary ListConfigurations ListServerNeighbors StartBatchDeleteConfigurationTask
                StartContinuousExport StartDataCollectionByAgentIds StartExportTask StartImportTask
                StopContinuousExport StopDataCollectionByAgentIds UpdateApplication
                """
        ),
        // Migration Hub Journeys, from its user guide; it has no service model.
        MigrationHubActions(
            .journeys,
            sources: ["journeys.amazonaws.com"],
            actions: """
                AcceptConnection BatchAssociateIamRoleWithConnection BatchDisassociateIamRoleFromConnection
                DeleteConnection GetConnection ListConnectionRoles ListConnections RejectConnection
                """
        ),
    ]
}

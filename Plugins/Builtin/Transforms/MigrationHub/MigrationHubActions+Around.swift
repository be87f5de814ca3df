/// The services around Migration Hub, which `services: [migration]` keeps as well: those that move servers and databases, and
/// AWS Transform, the successor.
///
/// They are told by their source alone, so that what is of the family is the same with them and without. The operations are
/// those of botocore 1.43; of AWS Transform no model is published, and the names are some that its user guide has.
extension MigrationHubActions {
    static let around = [
        // Application Migration Service, 2020-02-26.
        MigrationHubActions(
            .mgn,
            sources: ["mgn.amazonaws.com"],
            actions: """
                ArchiveApplication ArchiveWave AssociateApplications AssociateSourceServers
                ChangeServerLifeCycleState CreateApplication CreateConnector CreateLaunchConfigurationTemplate
                CreateNetworkMigrationDefinition CreateReplicationConfigurationTemplate CreateWave DeleteApplication
                DeleteConnector DeleteJob DeleteLaunchConfigurationTemplate DeleteNetworkMigrationDefinition
                DeleteReplicationConfigurationTemplate DeleteSourceServer DeleteVcenterClient DeleteWave
                DescribeJobLogItems DescribeJobs DescribeLaunchConfigurationTemplates
                DescribeReplicationConfigurationTemplates DescribeSourceServers DescribeVcenterClients
                DisassociateApplications DisassociateSourceServers DisconnectFromService FinalizeCutover
                GetLaunchConfiguration GetNetworkMigrationDefinition GetNetworkMigrationMapperSegmentConstruct
                GetReplicationConfiguration InitializeService ListApplications ListConnectors ListExportErrors
                ListExports ListImportErrors ListImportFileEnrichments ListImports ListManagedAccounts
                ListNetworkMigrationAnalyses ListNetworkMigrationAnalysisResults
                ListNetworkMigrationCodeGenerationSegments ListNetworkMigrationCodeGenerations
                ListNetworkMigrationDefinitions ListNetworkMigrationDeployedStacks ListNetworkMigrationDeployments
                ListNetworkMigrationExecutions ListNetworkMigrationMapperSegmentConstructs
                ListNetworkMigrationMapperSegments ListNetworkMigrationMappingUpdates ListNetworkMigrationMappings
                ListSourceServerActions ListTagsForResource ListTemplateActions ListWaves MarkAsArchived
                PauseReplication PutSourceServerAction PutTemplateAction RemoveSourceServerAction
                RemoveTemplateAction ResumeReplication RetryDataReplication StartCutover StartExport StartImport
                StartImportFileEnrichment StartNetworkMigrationAnalysis StartNetworkMigrationCodeGeneration
                StartNetworkMigrationDeployment StartNetworkMigrationMapping StartNetworkMigrationMappingUpdate
                StartReplication StartTest StopReplication TagResource TerminateTargetInstances UnarchiveApplication
                UnarchiveWave UntagResource UpdateApplication UpdateConnector UpdateLaunchConfiguration
                UpdateLaunchConfigurationTemplate UpdateNetworkMigrationDefinition
                UpdateNetworkMigrationMapperSegment UpdateReplicationConfiguration
                UpdateReplicationConfigurationTemplate UpdateSourceServer UpdateSourceServerReplicationType
                UpdateWave
                """
        ),
        // Database Migration Service, 2016-01-01.
        MigrationHubActions(
            .dms,
            sources: ["dms.amazonaws.com"],
            actions: """
                AddTagsToResource ApplyPendingMaintenanceAction BatchStartRecommendations
                CancelMetadataModelConversion CancelMetadataModelCreation CancelReplicationTaskAssessmentRun
                CreateDataMigration CreateDataProvider CreateEndpoint CreateEventSubscription
                CreateFleetAdvisorCollector CreateInstanceProfile CreateMigrationProject CreateReplicationConfig
                CreateReplicationInstance CreateReplicationSubnetGroup CreateReplicationTask DeleteCertificate
                DeleteConnection DeleteDataMigration DeleteDataProvider DeleteEndpoint DeleteEventSubscription
                DeleteFleetAdvisorCollector DeleteFleetAdvisorDatabases DeleteInstanceProfile DeleteMigrationProject
                DeleteReplicationConfig DeleteReplicationInstance DeleteReplicationSubnetGroup DeleteReplicationTask
                DeleteReplicationTaskAssessmentRun DescribeAccountAttributes DescribeApplicableIndividualAssessments
                DescribeCertificates DescribeConnections DescribeConversionConfiguration DescribeDataMigrations
                DescribeDataProviders DescribeEndpointSettings DescribeEndpointTypes DescribeEndpoints
                DescribeEngineVersions DescribeEventCategories DescribeEventSubscriptions DescribeEvents
                DescribeExtensionPackAssociations DescribeFleetAdvisorCollectors DescribeFleetAdvisorDatabases
                DescribeFleetAdvisorLsaAnalysis DescribeFleetAdvisorSchemaObjectSummary DescribeFleetAdvisorSchemas
                DescribeInstanceProfiles DescribeMetadataModel DescribeMetadataModelAssessments
                DescribeMetadataModelChildren DescribeMetadataModelConversions DescribeMetadataModelCreations
                DescribeMetadataModelExportsAsScript DescribeMetadataModelExportsToTarget
                DescribeMetadataModelImports DescribeMigrationProjects DescribeOrderableReplicationInstances
                DescribePendingMaintenanceActions DescribeRecommendationLimitations DescribeRecommendations
                DescribeRefreshSchemasStatus DescribeReplicationConfigs DescribeReplicationInstanceTaskLogs
                DescribeReplicationInstances DescribeReplicationSubnetGroups DescribeReplicationTableStatistics
                DescribeReplicationTaskAssessmentResults DescribeReplicationTaskAssessmentRuns
                DescribeReplicationTaskIndividualAssessments DescribeReplicationTasks DescribeReplications
                DescribeSchemas DescribeTableStatistics ExportMetadataModelAssessment GetTargetSelectionRules
                ImportCertificate ListTagsForResource ModifyConversionConfiguration ModifyDataMigration
                ModifyDataProvider ModifyEndpoint ModifyEventSubscription ModifyInstanceProfile
                ModifyMigrationProject ModifyReplicationConfig ModifyReplicationInstance
                ModifyReplicationSubnetGroup ModifyReplicationTask MoveReplicationTask RebootReplicationInstance
                RefreshSchemas ReloadReplicationTables ReloadTables RemoveTagsFromResource
                RunFleetAdvisorLsaAnalysis StartDataMigration StartExtensionPackAssociation
                StartMetadataModelAssessment StartMetadataModelConversion StartMetadataModelCreation
                StartMetadataModelExportAsScript StartMetadataModelExportToTarget StartMetadataModelImport
                StartRecommendations StartReplication StartReplicationTask StartReplicationTaskAssessment
                StartReplicationTaskAssessmentRun StopDataMigration StopReplication StopReplicationTask
                TestConnection UpdateSubscriptionsToEventBridge
                """
        ),
        // Elastic Disaster Recovery, 2020-02-26.
        MigrationHubActions(
            .drs,
            sources: ["drs.amazonaws.com"],
            actions: """
                AssociateSourceNetworkStack CreateExtendedSourceServer CreateLaunchConfigurationTemplate
                CreateReplicationConfigurationTemplate CreateSourceNetwork DeleteJob DeleteLaunchAction
                DeleteLaunchConfigurationTemplate DeleteRecoveryInstance DeleteReplicationConfigurationTemplate
                DeleteSourceNetwork DeleteSourceServer DescribeJobLogItems DescribeJobs
                DescribeLaunchConfigurationTemplates DescribeRecoveryInstances DescribeRecoverySnapshots
                DescribeReplicationConfigurationTemplates DescribeSourceNetworks DescribeSourceServers
                DisconnectRecoveryInstance DisconnectSourceServer ExportSourceNetworkCfnTemplate
                GetFailbackReplicationConfiguration GetLaunchConfiguration GetReplicationConfiguration
                InitializeService ListExtensibleSourceServers ListLaunchActions ListStagingAccounts
                ListTagsForResource PutLaunchAction RetryDataReplication ReverseReplication StartFailbackLaunch
                StartRecovery StartReplication StartSourceNetworkRecovery StartSourceNetworkReplication StopFailback
                StopReplication StopSourceNetworkReplication TagResource TerminateRecoveryInstances UntagResource
                UpdateFailbackReplicationConfiguration UpdateLaunchConfiguration UpdateLaunchConfigurationTemplate
                UpdateReplicationConfiguration UpdateReplicationConfigurationTemplate
                """
        ),
        MigrationHubActions(
            .transform,
            sources: [
                "transform.amazonaws.com", "application-transformation.amazonaws.com",
                "transform-custom.amazonaws.com", "transform-agents.amazonaws.com",
            ],
            actions: "CreateJob CreateWorkspace ListHitlTasks SendMessage"
        ),
    ]
}

public import MHPipeKit

extension PluginRegistry {
    /// The plugins that come with mhpipe, and the one list of them.
    public static let builtin = PluginRegistry(
        sources: [
            DirectorySource.self,
            FileSource.self,
            ListSource.self,
            S3Source.self,
            SQSSource.self,
            NotificationsSource.self,
            SyntheticSource.self,
            ExecSource.self,
        ],
        transforms: [
            MigrationHubTransform.self,
            IdentityTransform.self,
            CallTransform.self,
            FilterTransform.self,
            LookupTransform.self,
            RouteTransform.self,
            SampleTransform.self,
            TimeBucketTransform.self,
            ParseJSONTransform.self,
            RedactTransform.self,
            SelectTransform.self,
            RemoveTransform.self,
            RenameTransform.self,
            OCSFTransform.self,
            ECSTransform.self,
            ExecTransform.self,
            DedupeTransform.self,
            SortTransform.self,
            AggregateTransform.self,
            ResolveRolesTransform.self,
        ],
        sinks: [
            JSONLinesSink.self,
            CSVSink.self,
            SQLiteSink.self,
            ReportSink.self,
            ExecSink.self,
        ]
    )
}

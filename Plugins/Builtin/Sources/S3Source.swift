import MHPipeAWS
import MHPipeDigests
import MHPipeKit

/// Reads the objects of a bucket, in the order of their keys.
///
/// Folders are listed by the layout in which CloudTrail delivers, so that what is not asked for is never listed; objects
/// are got ahead of the workers.
struct S3Source: SelectingSource, BucketReading {
    static let name = "s3"
    static let summary = "Reads the objects of a bucket of S3 below a prefix."

    struct Options: ObjectSourceOptions, VerifyingOptions {
        var url = S3URL(S3Location(bucket: "", key: ""))
        var common = ObjectSource()
        var versions = VersionChoice.latest
        var digests = DigestOptions()

        private static let versionChoice = Option<Options>.optional(
            "versions",
            \.versions,
            "Which versions of objects are read, where the bucket has any: the latest, or all, those that a delete marker hides among "
                + "them; objects that are deleted are counted then.",
            example: "all"
        )

        static let all: [Option<Options>] =
            [
                .required(
                    "url",
                    \.url,
                    "The bucket, and the folder or object in it.",
                    example: "s3://audit-logs/AWSLogs/"
                )
            ] + ofObjects([versionChoice] + verifying)
    }

    private let options: Options
    private let context: PluginContext
    private let digests: TrailIntegrity.Settings?
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        self.options = options
        self.context = context
        digests = try options.digests.settings()
        selection = try options.selection.selection(context)
    }

    func list() throws -> any UnitList {
        let location = options.url.location
        let connection = try AWSConnection(options.connection.forAWS, stop: context.stop, warn: context.warn)
        let extras = try options.objects.extras()
        var reading = extras
        reading.listsVersions = options.versions == .all
        let bucket = try connection.bucket(location.bucket, extras: reading)
        let integrity = try digests.map { settings in
            let (place, asked) = location.trail(TrailSelection(selection))
            let search = try PublicKeySearch(connection, warn: context.warn)
            let (now, warn) = (context.started, context.warn)
            let store = try BucketStore(place, connection, extras)
            return try TrailIntegrity(store, settings, asked, now: now, warn: warn) { search.keys($0, $1) }
        }
        let plan = S3Plan(selection, below: location.key, takesOthers: context.namesOthers)
        return S3Objects(location, bucket, plan, integrity, context)
    }

    static func address(_ options: Options) -> String { options.url.location.url }

    static func adds(_ options: Options) -> [EventField]? { options.digests.adds }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}

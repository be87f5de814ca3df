import MHPipeAWS
import MHPipeKit

/// Reads the objects of a bucket, in the order of their keys.
///
/// Folders are listed by the layout in which CloudTrail delivers, so that what is not asked for is never listed; objects
/// are got ahead of the workers.
struct S3Source: SelectingSource, BucketReading {
    static let name = "s3"
    static let summary = "Reads the objects of a bucket of S3 below a prefix."

    struct Options: SelectingOptions, ObjectReadingOptions {
        var url = S3URL(S3Location(bucket: "", key: ""))
        var objects = ObjectOptions()
        var connection = ConnectionOptions()
        var selection = SelectionOptions()

        static let all: [Option<Options>] =
            [
                .required(
                    "url",
                    \.url,
                    "The bucket, and the folder or object in it.",
                    example: "s3://audit-logs/AWSLogs/"
                )
            ] + connecting + readingObjects + selecting
    }

    private let options: Options
    private let context: PluginContext
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        self.options = options
        self.context = context
        selection = try options.selection.selection(context)
    }

    func list() throws -> any UnitList {
        let location = options.url.location
        let connection = try AWSConnection(options.connection.forAWS, stop: context.stop, warn: context.warn)
        let bucket = try connection.bucket(location.bucket, extras: options.objects.extras())
        return S3Objects(location, bucket, S3Plan(selection, below: location.key), context)
    }

    static func address(_ options: Options) -> String { options.url.location.url }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}

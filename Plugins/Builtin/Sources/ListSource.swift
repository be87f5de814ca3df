import Dispatch
import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// Reads the files and objects that a list names, in its order, whatever their endings.
///
/// The list is read as the run comes to its lines, so it may be of any length. `docs/scale.md` says what stands in it.
struct ListSource: SelectingSource, DescribedSource {
    static let name = "list"
    static let summary = "Reads the files, and the objects of S3, that a list names one a line."

    struct Options: SelectingOptions, ObjectReadingOptions {
        var path: InputPath = ""
        var objects = ObjectOptions()
        var connection = ConnectionOptions()
        var selection = SelectionOptions()

        static let all: [Option<Options>] =
            [
                .required(
                    "path",
                    \.path,
                    "The list: a path or an address such as s3://bucket/key on each line, and behind a tab its size where that is "
                        + "known; - is standard input.",
                    example: "task-00017.txt"
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
        let path = options.path.path
        do throws(InputFailure) {
            let isOver: @Sendable () -> Bool = { [stop = context.stop] in stop.isEnough }
            let file = path == "-" ? FileInput(standardInput: isOver) : try FileInput(FilePath(path), isOver: isOver)
            let bell = DispatchSemaphore(value: 0)
            return ListedUnits(LineReader(file, name: path), selection, bell, context) { [options, context] in
                AnnouncedObjects(
                    try AWSConnection(options.connection.forAWS, stop: context.stop, warn: context.warn),
                    try options.objects.extras(),
                    nil,
                    stop: context.stop,
                    onAnswer: { bell.signal() }
                )
            }
        } catch {
            throw StageError(machineFault: error)
                ?? StageError("cannot read '\(path)': \(error.reason)", advice: PathAdvice.forMissing(path))
        }
    }

    static func readsStandardInput(_ options: Options) -> Bool { options.path.path == "-" }

    static func canReadAgain(_ options: Options) -> Bool { !readsStandardInput(options) }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}

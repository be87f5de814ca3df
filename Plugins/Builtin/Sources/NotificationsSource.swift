import Dispatch
import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// Reads the objects that saved messages name, in the order in which they are named.
struct NotificationsSource: SelectingSource, DescribedSource {
    static let name = "notifications"
    static let summary = "Reads the objects of S3 that messages in a file tell of."

    struct Options: AnnouncedOptions {
        var path: InputPath = ""
        var common = ObjectSource()

        static let all: [Option<Options>] =
            [
                .required(
                    "path",
                    \.path,
                    "The file with the messages: a JSON text on each line, several of any form one after the other, or an array, also "
                        + "objects by their addresses (s3://bucket/key), one on each line; - is standard input.",
                    example: "messages.jsonl"
                )
            ] + ofObjects()
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
        let connection = try AWSConnection(options.connection.forAWS, stop: context.stop, warn: context.warn)
        let bell = DispatchSemaphore(value: 0)
        let objects = AnnouncedObjects(
            connection,
            try options.objects.extras(),
            selection,
            stop: context.stop,
            onAnswer: { bell.signal() }
        )
        return NoticedObjects(options.path.path, NoticeTexts(try read()), objects, bell, warn: context.warn)
    }

    /// Opens the file.
    ///
    /// - Returns: Reads on in it.
    private func read() throws -> NoticeTexts.More {
        let path = options.path.path
        @Sendable func fault(_ error: InputFailure) -> StageError {
            StageError(machineFault: error)
                ?? StageError("cannot read '\(path)': \(error.reason)", advice: PathAdvice.forMissing(path))
        }
        let isOver: @Sendable () -> Bool = { [stop = context.stop] in stop.isEnough }
        let file: FileInput
        do throws(InputFailure) {
            file = path == "-" ? FileInput(standardInput: isOver) : try FileInput(FilePath(path), isOver: isOver)
        } catch {
            throw fault(error)
        }
        return { bytes in
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
            defer { unsafe piece.deallocate() }
            do throws(InputFailure) {
                let count = try unsafe file.read(into: piece)
                unsafe bytes.append(contentsOf: piece[..<count])
                return count > 0
            } catch {
                throw fault(error)
            }
        }
    }

    static func readsStandardInput(_ options: Options) -> Bool { options.path.path == "-" }

    static func canReadAgain(_ options: Options) -> Bool { !readsStandardInput(options) }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}

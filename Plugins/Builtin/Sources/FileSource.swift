import MHPipeIO
import MHPipeKit

/// Reads files that are named one by one, whatever their endings, in the order in which they are named.
///
/// A pipe can stand where a file can; it is read when its turn comes.
struct FileSource: SelectingSource, DescribedSource {
    static let name = "file"
    static let summary = "Reads one file or several, or standard input."

    struct Options: SelectingOptions {
        var path: [InputPath] = []
        var selection = SelectionOptions()

        static let all: [Option<Options>] =
            [
                .required(
                    "path",
                    \.path,
                    "The file to read, or a list of files; - is standard input.",
                    example: "trail.json.gz"
                )
            ] + selecting
    }

    private let paths: [String]
    private let context: PluginContext
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        paths = options.path.map(\.path)
        self.context = context
        selection = try options.selection.selection(context)
        guard !paths.isEmpty else { throw OptionError(option: "path", "needs at least one file") }
        guard paths.count(where: { $0 == "-" }) <= 1 else {
            throw OptionError(option: "path", "names standard input twice, but it can be read only once")
        }
    }

    func list() throws -> any UnitList {
        var units: [FileUnit] = []
        var unreadable: [UnreadableInput] = []
        var pruned = 0
        var sighting = SelectionSighting()
        var named: Set<String> = []
        for path in paths {
            // A file that has two paths is the run's to find, which knows all sources.
            if !named.insert(path).inserted {
                context.warn("'\(path)' is named more than once, and its events will be there as often")
            }
            do {
                let unit = try unit(path)
                if let selection, let key = CloudTrailKey(file: FilePath(path).bytes),
                    let field = selection.excluding(key)
                {
                    pruned += 1
                    sighting.note(key, excludedBy: field)
                } else {
                    units.append(unit)
                }
            } catch {
                if let fault = error.fault { throw fault }
                guard paths.count > 1 else {
                    throw StageError("cannot read '\(path)': \(error.reason)", advice: error.advice)
                }
                unreadable.append(UnreadableInput(name: FilePath(path).text, reason: error.reason))
            }
        }
        guard units.count + pruned > 0 else { throw StageError("none of the \(paths.count) files can be read") }
        return NamedFiles(units, unreadable, pruned: pruned, sighting)
    }

    static func readsStandardInput(_ options: Options) -> Bool { options.path.contains { $0.path == "-" } }

    static func canReadAgain(_ options: Options) -> Bool { !readsStandardInput(options) }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }

    private func unit(_ path: String) throws(Refusal) -> FileUnit {
        if path == "-" {
            if FileInput.standardInputIsTerminal {
                context.warn("standard input is a terminal: type or paste log text, then press Ctrl-D")
            }
            return FileUnit(standardInput: context.stop)
        }
        let status: FileStatus
        do {
            status = try FileStatus(FilePath(path))
        } catch {
            throw Refusal(
                reason: error.reason,
                advice: PathAdvice.forMissing(path),
                fault: StageError(machineFault: error)
            )
        }
        guard status.kind != .folder else {
            throw Refusal(reason: "it is a folder", advice: "source 'directory' reads the files below a folder")
        }
        return FileUnit(FilePath(path), status, isLink: true, stop: context.stop)
    }

    /// Why a file is not read, and what the user may do about it.
    private struct Refusal: Error {
        let reason: String
        let advice: String?
        /// What ends the run, whatever else there is to read.
        var fault: StageError?
    }
}

import MHPipeIO
import MHPipeKit

/// Reads the files below a folder, in the order of their paths, byte by byte.
///
/// Links to files are followed, links to folders are not. A file is read when it matches `include` and not `exclude`;
/// a folder that matches `exclude` is passed over with all that is below it.
struct DirectorySource: ListingSource {
    static let name = "directory"
    static let summary = "Reads the files of a folder and of all folders below it."

    struct Options: PluginOptions {
        var path: InputTree = ""
        var include: [Glob]?
        var exclude: [Glob] = []

        static let all: [Option<Options>] = [
            .required("path", \.path, "The folder to read.", example: "./AWSLogs"),
            .optional(
                "include",
                \.include,
                "The files to read, as patterns for their paths below the folder, where one without a slash matches names; "
                    + "left out, the files whose names end in \(LogName.text), in upper or lower case.",
                example: "[\"*/CloudTrail/us-*/**/*.json.gz\"]"
            ),
            .optional(
                "exclude",
                \.exclude,
                "The files and folders to leave out, as patterns.",
                example: "[CloudTrail-Digest/]"
            ),
        ]
    }

    private let path: FilePath
    private let selection: FileSelection
    private let context: PluginContext

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        guard options.include?.isEmpty != true else {
            throw OptionError(option: "include", "needs at least one pattern; without one nothing is read")
        }
        path = FilePath(options.path.path)
        selection = FileSelection(include: options.include, exclude: options.exclude)
        self.context = context
    }

    private struct Units: UnitList {
        var files: FileList
        let tally: InputTally?

        var count: Int { files.count }
        var bytes: Int? { files.bytes }
        var mayRepeat: Bool { files.mayRepeat }

        func unit(at place: Int) -> any SourceUnit {
            let file = files[place]
            return FileUnit(file.path, size: file.size)
        }

        func identity(at place: Int) -> FileIdentity? { files.identity(at: place) }
        mutating func forgetIdentities() { files.forgetIdentities() }
    }

    func list(report: (UnreadableInput) -> Void) throws -> any UnitList {
        let matches = PatternMatches()
        let walk = try walk(matches)
        for (path, reason) in walk.unreadable { report(UnreadableInput(name: path.text, reason: reason)) }
        for text in FolderWarnings(walk: walk, root: path, selection: selection, matches: matches).texts {
            context.warn(text)
        }
        let tally = InputTally(seen: walk.seen, leftOut: walk.unread.leftOut, others: walk.unread.others)
        return Units(files: walk.files, tally: tally)
    }

    private func walk(_ matches: PatternMatches) throws(StageError) -> DirectoryWalk {
        do {
            return try DirectoryWalk(
                path,
                choice: { selection.choice(of: $0, noting: matches) },
                skipped: { selection.skips($0) }
            )
        } catch {
            if let fault = StageError(machineFault: error) { throw fault }
            let isFile = (try? FileStatus(path))?.kind == .file
            throw StageError(
                "cannot read folder '\(path.text)': \(isFile ? "it is a file" : error.reason)",
                advice: isFile ? "source 'file' reads a single file" : PathAdvice.forMissing(path.text)
            )
        }
    }
}

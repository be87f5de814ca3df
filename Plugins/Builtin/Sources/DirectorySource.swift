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
        var include = DirectorySource.trailFiles
        var exclude: [Glob] = []

        static let all: [Option<Options>] = [
            .required("path", \.path, "The folder to read.", example: "./AWSLogs"),
            .optional(
                "include",
                \.include,
                "The files to read, as patterns for their paths below the folder; one without a slash matches names.",
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

    /// The files that CloudTrail writes, and what other tools make of them.
    private static let trailFiles = ["**/*.json", "**/*.json.gz", "**/*.jsonl", "**/*.jsonl.gz"].compactMap {
        try? Glob($0)
    }

    private let path: String
    private let include: [Glob]
    private let exclude: [Glob]
    private let context: PluginContext

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        guard !options.include.isEmpty else {
            throw OptionError(option: "include", "needs at least one pattern; without one nothing is read")
        }
        path = options.path.path
        include = options.include
        exclude = options.exclude
        self.context = context
    }

    private struct Units: UnitList {
        let files: FileList

        var count: Int { files.count }
        var bytes: Int? { files.bytes }

        func unit(at place: Int) -> any SourceUnit {
            let file = files[place]
            return FileUnit(file.path, size: file.size)
        }
    }

    func list(report: (UnreadableInput) -> Void) throws -> any UnitList {
        let walk = try walk()
        for (path, reason) in walk.unreadable { report(UnreadableInput(name: path.text, reason: reason)) }
        if let first = walk.folderLinks.first?.text {
            let count = walk.folderLinks.count
            context.warn(
                count == 1
                    ? "'\(first)' is a link to a folder and is not followed"
                    : "\(count) links to folders are not followed; the first is '\(first)'"
            )
        }
        if walk.files.isEmpty {
            let patterns = include.map(\.text).joined(separator: ", ")
            let others = walk.otherFiles == 0 ? "" : " (\(walk.otherFiles) other files are there)"
            context.warn("nothing to read: no file in '\(path)' matches \(patterns)\(others)")
        }
        return Units(files: walk.files)
    }

    private func walk() throws(StageError) -> DirectoryWalk {
        do {
            return try DirectoryWalk(
                path,
                wanted: { path in
                    include.contains { $0.matches(path) } && !exclude.contains { $0.matches(path) }
                },
                skipped: { path in exclude.contains { $0.matchesFolder(path) } }
            )
        } catch {
            let isFile = (try? FileStatus(FilePath(path)))?.kind == .file
            throw StageError(
                "cannot read folder '\(path)': \(isFile ? "it is a file" : error.reason)",
                advice: isFile ? "source 'file' reads a single file" : PathAdvice.forMissing(path)
            )
        }
    }
}

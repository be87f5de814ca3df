import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// Reads the files below a folder, in the order of their paths, byte by byte.
///
/// Links to files are followed, links to folders are not. A file is read when it matches `include` and not `exclude`;
/// a folder that matches `exclude` is passed over with all that is below it.
struct DirectorySource: SelectingSource, DescribedSource {
    static let name = "directory"
    static let summary = "Reads the files of a folder and of all folders below it."

    struct Options: SelectingOptions, VerifyingOptions {
        var path: InputTree = ""
        var include: [Glob]?
        var exclude: [Glob] = []
        var watch = WatchMode.no
        var pollEvery: Age?
        var digests = DigestOptions()
        var selection = SelectionOptions()

        static let all: [Option<Options>] =
            [
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
                .optional(
                    "watch",
                    \.watch,
                    "Whether the folder is followed: files are read as they come, until the run is ended; poll looks every now and "
                        + "then, for folders that other machines write to.",
                    example: "true"
                ),
                .optional(
                    "poll_every",
                    \.pollEvery,
                    "The time between two looks; a file counts as whole when it is the same at two of them; 10s when left out.",
                    example: "30s"
                ),
            ] + verifying + selecting
    }

    private let path: FilePath
    private let files: FileSelection
    private let context: PluginContext
    private let manner: FolderFollower.Manner
    private let digests: TrailIntegrity.Settings?
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        guard options.include?.isEmpty != true else {
            throw OptionError(option: "include", "needs at least one pattern; without one nothing is read")
        }
        path = FilePath(options.path.path)
        selection = try options.selection.selection(context)
        files = FileSelection(include: options.include, exclude: options.exclude, events: selection)
        self.context = context
        digests = try options.digests.settings()
        guard digests == nil || options.watch == .no else {
            throw OptionError(
                option: "verify_digests",
                "cannot be had with 'watch', since the digest file that lists a log file comes up to an hour after it"
            )
        }
        let interval = options.pollEvery ?? Age(seconds: 10)
        guard interval.duration > .zero else { throw OptionError(option: "poll_every", "needs at least 1s") }
        manner = FolderFollower.Manner(
            mode: options.watch,
            interval: interval.duration,
            intervalText: interval.optionText
        )
    }

    func list() throws -> any UnitList {
        do {
            if let rounds = context.rounds, manner.mode != .no { return try followed(rounds) }
            let verified = try digests.map { settings in
                let (copy, asked) = (try FolderStore(path), TrailSelection(selection))
                let (now, warn) = (context.started, context.warn)
                return (copy, try TrailIntegrity(copy, settings, asked, now: now, warn: warn))
            }
            return try FolderFiles(path, files, verified, warn: context.warn)
        } catch let error as InputFailure {
            if let fault = StageError(machineFault: error) { throw fault }
            let isFile = (try? FileStatus(path))?.kind == .file
            throw StageError(
                "cannot read folder '\(path.text)': \(isFile ? "it is a file" : error.reason)",
                advice: isFile ? "source 'file' reads a single file" : PathAdvice.forMissing(path.text)
            )
        }
    }

    private func followed(_ rounds: WatchRounds) throws(InputFailure) -> FollowedFiles {
        let follower = try rounds.follower(of: context.stage) { () throws(InputFailure) in
            try FolderFollower(path, files, manner, warn: context.warn) { [weak rounds] in rounds?.tell() }
        }
        return FollowedFiles(follower, rounds)
    }

    static func adds(_ options: Options) -> [EventField]? { options.digests.adds }

    static func watches(_ options: Options) -> Bool { options.watch != .no }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}

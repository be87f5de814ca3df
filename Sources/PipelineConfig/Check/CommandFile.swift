import MHPipeKit

/// A file that the command line names beside the pipeline, and that takes part in the check of what is written where.
public struct CommandFile: Sendable {
    let place: PathPlace

    /// States a file that the run needs.
    ///
    /// - Parameters:
    ///   - path: Its path; `-` is standard input.
    ///   - name: What it is, for messages: `the pipeline file`.
    public init(reading path: String, as name: String) {
        place = PathPlace(use: .inputFile(path), user: name, object: name)
    }

    /// States a file that the command writes itself.
    ///
    /// - Parameters:
    ///   - path: Its path; `-` is standard output.
    ///   - option: The option that names it: `'--summary'`.
    public init(writing path: String, for option: String) {
        place = PathPlace(use: .output(path), user: option)
    }
}

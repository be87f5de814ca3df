public import Foundation

/// A program of the machine that reads what ours wrote, such as `jq` or `python3`.
public struct ExternalProgram: Sendable {
    /// What a run of it gave.
    public struct Result: Sendable {
        /// The exit status.
        public var status: Int32
        /// Standard output.
        public var output: Data
        /// Standard error, as text.
        public var errors: String
    }

    private let path: String

    /// Looks for a program; nil, with a note, when the machine has none of that name.
    ///
    /// - Parameter name: Its name in `PATH`.
    public init?(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = (["/usr/bin"] + folders.map(String.init)).map { "\($0)/\(name)" }
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            print("note: there is no \(name) here; the tests that need it have nothing to do")
            return nil
        }
        self.path = path
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - input: Its standard input.
    /// - Returns: What it gave.
    /// - Throws: When it cannot be started.
    public func run(_ arguments: [String], input: Data = Data()) throws -> Result {
        // Files take any amount; pipes would have to be read while the program runs.
        let folder = try TemporaryDirectory()
        try folder.write(input, to: "in")
        try folder.write("", to: "out")
        try folder.write("", to: "err")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "in"))
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try folder.read("out"),
            errors: String(decoding: try folder.read("err"), as: UTF8.self)
        )
    }
}

import Foundation
import MHPipeTestSupport
import Testing

/// The built binary, run as a process of its own.
struct Mhpipe {
    /// What a run of it gave.
    struct Result {
        let status: Int32
        let output: Data
        let errors: String

        /// Standard output as text.
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The binary beside the test bundle.
    static let path: String = {
        let bundles = Bundle.allBundles + [Bundle.main]
        let folders = bundles.map { $0.bundleURL.deletingLastPathComponent() } + bundles.map(\.bundleURL)
        let candidates = folders.map { $0.appending(path: "mhpipe").path(percentEncoded: false) }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "mhpipe"
    }()

    /// The folder in which it runs.
    let folder: TemporaryDirectory

    /// Makes the process, with files for its streams: they take any amount, while a pipe would have to be drained.
    func process(_ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws -> Process {
        try folder.write(input, to: "stdin")
        try folder.write("", to: "stdout")
        try folder.write("", to: "stderr")
        let process = Process()
        process.executableURL = URL(filePath: Self.path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.currentDirectoryURL = folder.url
        process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "stdin"))
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "stdout"))
        process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "stderr"))
        return process
    }

    /// Runs it to its end.
    func run(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws -> Result {
        try finish(process(arguments, input: Data(input.utf8), environment: environment))
    }

    /// Runs it to its end with arguments that were put together.
    func run(arguments: [String], environment: [String: String] = [:]) throws -> Result {
        try finish(process(arguments, environment: environment))
    }

    /// Runs a shell command in which `$mhpipe` is the binary.
    func shell(_ command: String) throws -> Result {
        let process = try process(["-c", command], environment: ["mhpipe": Self.path])
        process.executableURL = URL(filePath: "/bin/sh")
        return try finish(process)
    }

    /// Starts a run with its state in `st`, and kills it once the records of its units have so many bytes, 32 each; false
    /// when it ended before.
    func runAndKill(_ arguments: [String], at bytes: Int) throws -> Bool {
        let process = try process(arguments)
        try process.run()
        while process.isRunning {
            let size = try? FileManager.default.attributesOfItem(atPath: folder.path("st/units"))[.size] as? Int
            if (size ?? 0) >= bytes {
                kill(process.processIdentifier, SIGKILL)
                break
            }
            sched_yield()
        }
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }

    /// Runs a process that was made to its end.
    func finish(_ process: Process) throws -> Result {
        try process.run()
        process.waitUntilExit()
        let errors = String(decoding: try folder.read("stderr"), as: UTF8.self)
        Self.expectNoReport(in: errors)
        return Result(status: process.terminationStatus, output: try folder.read("stdout"), errors: errors)
    }

    /// Fails the test when the thread sanitizer, which `make tsan` builds in, has found something.
    static func expectNoReport(in errors: String) {
        if errors.contains("ThreadSanitizer") { Issue.record("\(errors)") }
    }
}

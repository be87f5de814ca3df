import Foundation
import MHPipeKit

/// The Swift toolchain that builds plugins: the one in `PATH`.
struct Toolchain {
    /// What a run of one of its programs gave.
    struct Result {
        let status: Int32
        let output: String
    }

    private let environment: [String: String]

    /// Takes the toolchain of an environment.
    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Runs a program to its end; what it says on either stream is in the result, and nowhere else.
    ///
    /// - Throws: `UsageError` when there is no such program.
    func run(_ words: [String], variables: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.environment = environment.merging(variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus == 127 {
            throw UsageError.refused(
                "cannot find '\(words[0])'",
                advice: ["building plugins needs the Swift toolchain in PATH: https://www.swift.org/install"]
            )
        }
        return Result(status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }

    /// The version of the compiler, such as `6.3.1`.
    ///
    /// - Throws: `UsageError` when there is none.
    func version() throws -> String {
        let result = try run(["swiftc", "--version"])
        guard let version = Self.version(in: result.output) else {
            throw UsageError.refused("cannot tell the version of 'swiftc'", advice: [result.output])
        }
        return version
    }

    /// The version that stands behind `Swift version ` in a text.
    static func version(in text: String) -> String? {
        text.firstMatch(of: /Swift version ([0-9]+(?:\.[0-9]+)+)/).map { String($0.1) }
    }
}

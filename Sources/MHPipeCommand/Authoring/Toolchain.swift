import MHPipeIO
import MHPipeKit

/// The Swift toolchain that builds plugins: the one in `PATH`.
struct Toolchain {
    /// What a run of one of its programs gave.
    struct Result {
        let isSuccess: Bool
        let output: String
    }

    private let environment: [String: String]

    /// Takes the toolchain of an environment.
    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Runs a program to its end; what it says on either stream is in the result.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments.
    ///   - variables: What it finds in its environment besides that of this process.
    ///   - listener: Hears each whole line, with its line end, as soon as the program has said it.
    /// - Returns: How it ended, and all that it said.
    /// - Throws: `UsageError` when there is no such program.
    func run(
        _ words: [String],
        variables: [String: String] = [:],
        listener: (String) -> Void = { _ in }
    ) throws -> Result {
        let process = try start(["env"] + words, environment.merging(variables) { $1 })
        process.closeInput()
        var output: [UInt8] = []
        var heard = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { unsafe buffer.deallocate() }
        while process.isOpen(.output) || process.isOpen(.errors) {
            let ready = process.poll(wantsInput: false, milliseconds: 1000)
            for (stream, isReady) in [(ChildProcess.Stream.output, Ready.output), (.errors, .errors)] {
                guard ready.contains(isReady), let count = unsafe process.read(stream, into: buffer) else { continue }
                unsafe output += buffer[..<count]
            }
            guard let end = output[heard...].lastIndex(of: UInt8(ascii: "\n")) else { continue }
            listener(String(decoding: output[heard...end], as: UTF8.self))
            heard = end + 1
        }
        if heard < output.count { listener(String(decoding: output[heard...], as: UTF8.self)) }
        var exit = process.wait(milliseconds: 1000)
        while exit == nil { exit = process.wait(milliseconds: 1000) }
        if exit == .status(127) {
            throw UsageError.refused(
                "cannot find '\(words[0])'",
                advice: ["building plugins needs the Swift toolchain in PATH: https://www.swift.org/install"]
            )
        }
        return Result(isSuccess: exit == .status(0), output: String(decoding: output, as: UTF8.self))
    }

    private typealias Ready = ChildProcess.Ready

    private func start(_ words: [String], _ environment: [String: String]) throws(StageError) -> ChildProcess {
        do {
            return try ChildProcess(path: "/usr/bin/env", arguments: words, environment: environment)
        } catch {
            throw StageError("cannot start '/usr/bin/env': \(error.reason)")
        }
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

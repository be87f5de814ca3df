import Dispatch
import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// A watch at work, and what it says, line by line.
final class WatchedRun {
    /// It ended, or said nothing for long, before it said what a test waits for.
    struct Silent: Error, CustomStringConvertible {
        let description: String
    }

    let process: Process
    private let messages = Pipe()
    private var said = ""
    private var read = 0
    private let watchdog: DispatchWorkItem

    init(
        _ folder: TemporaryDirectory,
        _ arguments: [String] = [],
        pipeline: String = "p.conf",
        environment: [String: String] = [:]
    ) throws {
        process = try Mhpipe(folder: folder).process(["run", pipeline] + arguments, environment: environment)
        process.standardError = messages
        try process.run()
        // The process is ended rather than waited for without end.
        watchdog = DispatchWorkItem { [number = process.processIdentifier] in kill(number, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
    }

    deinit {
        watchdog.cancel()
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Waits until something is said that was not waited for before.
    @discardableResult
    func wait(for text: String) throws -> String {
        while true {
            let rest = said.dropFirst(read)
            if let range = rest.range(of: text), let end = rest[range.upperBound...].firstIndex(of: "\n") {
                read = said.distance(from: said.startIndex, to: end)
                return String(rest)
            }
            let data = messages.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Silent(description: "'\(text)' was not said, but: \(said)") }
            said += String(decoding: data, as: UTF8.self)
            Mhpipe.expectNoReport(in: said)
        }
    }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end; gives the exit code and all that was said.
    func end(_ signal: Int32? = nil) -> (status: Int32, said: String) {
        if let signal { send(signal) }
        said += String(decoding: (try? messages.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        watchdog.cancel()
        Mhpipe.expectNoReport(in: said)
        return (process.terminationStatus, said)
    }

    /// Kills it.
    ///
    /// What it says is not read to its end, since programs that it has started may live on.
    func die() {
        send(SIGKILL)
        process.waitUntilExit()
        watchdog.cancel()
    }
}

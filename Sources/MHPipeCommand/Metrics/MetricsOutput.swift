import MHPipeIO
import MHPipeKit
import MHPipePlan

/// The ways in which metrics leave the process: a port, a file, or none.
final class MetricsOutput: Sendable {
    let metrics: RunMetrics
    private let file: MetricsFile?
    private let server: Server?
    private let console: Console

    private struct Server: @unchecked Sendable /* kept, and let go of, by its owner alone */ {
        let server: HTTPServer
    }

    /// Begins to serve, and writes the file for the first time.
    ///
    /// - Throws: `StageError` when the port cannot be had, or the file not be written.
    init(_ settings: RunSettings, console: Console, isQuiet: Bool) throws {
        self.console = console
        let file = settings.metricsFile.map { MetricsFile(path: $0) }
        self.file = file
        let metrics = RunMetrics(lastCommit: file?.lastCommit)
        self.metrics = metrics
        server = try settings.metrics.map { address in
            let server = try HTTPServer(host: address.host, port: address.port) { Self.answer($0, metrics) }
            let place = "http://\(address.isVersion6 ? "[\(address.host)]" : address.host):\(server.port)"
            if !address.isLoopback {
                console.say(
                    "warning: metrics are served at \(place)/metrics to everybody who can reach this address, without a password",
                    advice: ["127.0.0.1:\(server.port) is for this machine alone"]
                )
            } else if !isQuiet {
                console.say("metrics are served at \(place)/metrics")
            }
            return Server(server: server)
        }
        try file?.write(metrics.text)
    }

    /// Writes the file anew, where there is one; that it cannot be written is said.
    ///
    /// - Returns: False when it could not be written.
    @discardableResult
    func update() -> Bool {
        do {
            try file?.write(metrics.text)
            return true
        } catch {
            let failure = error as? StageError
            console.say("warning: \(failure?.message ?? "\(error)")", advice: failure?.adviceLines ?? [])
            return false
        }
    }

    private static func answer(_ path: String, _ metrics: RunMetrics) -> HTTPServer.Answer? {
        switch path {
        case "/metrics": return HTTPServer.Answer(type: MetricsText.contentType, body: metrics.text)
        case "/health":
            guard let complaint = metrics.complaint else { return HTTPServer.Answer(body: "ok\n") }
            return HTTPServer.Answer(status: 503, body: complaint + "\n")
        case "/": return HTTPServer.Answer(body: "/metrics\n/health\n")
        default: return nil
        }
    }
}

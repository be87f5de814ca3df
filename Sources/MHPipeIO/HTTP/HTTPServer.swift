import CMicroHTTP
import Libc
import MHPipeKit

/// Answers GET and HEAD with texts, on a thread of its own, until it is stopped.
///
/// It is made for few who ask, such as Prometheus: connections are bounded, and end after some seconds of silence.
@safe
package final class HTTPServer {
    /// What a path gives.
    package struct Answer: Sendable {
        var status: UInt32
        var type: String
        var body: String

        /// - Parameters:
        ///   - status: The status of HTTP.
        ///   - type: The type of the content.
        ///   - body: The content.
        package init(status: UInt32 = 200, type: String = "text/plain; charset=utf-8", body: String) {
            self.status = status
            self.type = type
            self.body = body
        }
    }

    private final class Requests: Sendable {
        let library: MicroHTTPLibrary
        let answer: @Sendable (String) -> Answer?

        init(_ library: MicroHTTPLibrary, _ answer: @escaping @Sendable (String) -> Answer?) {
            self.library = library
            self.answer = answer
        }
    }

    package let port: UInt16
    private static let mostConnections: UInt32 = 32
    private static let secondsOfSilence: UInt32 = 10

    private let daemon: CHandle

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - host: An address in numbers.
    ///   - port: The port; 0 for any that is free.
    ///   - answer: What a path gives, called on the server's thread; nil where there is nothing.
    /// - Throws: `StageError` when it cannot.
    package init(host: String, port: UInt16, answer: @escaping @Sendable (String) -> Answer?) throws {
        let library = try MicroHTTPLibrary.shared.get()
        let socket: ListeningSocket
        do throws(ListeningSocket.Failure) {
            socket = try ListeningSocket(host: host, port: port)
        } catch {
            throw Self.failure(
                host,
                port,
                SystemFailure.reason(error.errorNumber),
                isTaken: error.errorNumber == EADDRINUSE
            )
        }
        self.port = socket.port
        let requests = unsafe Unmanaged.passRetained(Requests(library, answer))
        let started = unsafe microhttp_start(
            library.start,
            socket.descriptor.number,
            Self.mostConnections,
            Self.secondsOfSilence,
            Self.handler,
            requests.toOpaque()
        )
        guard
            let daemon = unsafe CHandle(
                owning: started,
                free: {
                    unsafe library.stop($0)
                    unsafe requests.release()
                }
            )
        else {
            unsafe requests.release()
            throw Self.failure(host, port, "libmicrohttpd does not start", isTaken: false)
        }
        self.daemon = daemon
        // The library closes the socket that it was given.
        socket.handOver()
    }

    private static func failure(_ host: String, _ port: UInt16, _ reason: String, isTaken: Bool) -> StageError {
        StageError(
            "cannot listen at \(host.contains(":") ? "[\(host)]" : host):\(port): \(reason)",
            advice: isTaken ? "another program has this port; name another one, or 0 for any that is free" : nil
        )
    }

    private static let handler: MicroHTTPHandler = { context, connection, path, method, _, _, _, _ in
        guard let context = unsafe context, let connection = unsafe connection, let path = unsafe path,
            let method = unsafe method
        else { return 0 }
        let requests = unsafe Unmanaged<Requests>.fromOpaque(context).takeUnretainedValue()
        var answer =
            requests.answer(unsafe String(cString: path)) ?? Answer(status: 404, body: "there is nothing here\n")
        if unsafe !["GET", "HEAD"].contains(String(cString: method)) {
            answer = Answer(status: 405, body: "only GET and HEAD\n")
        }
        let library = requests.library
        let response = answer.body.withUTF8 { body in
            unsafe library.makeResponse(
                body.count,
                UnsafeMutableRawPointer(mutating: body.baseAddress),
                Int32(MicroHTTPCopiedBody)
            )
        }
        guard let response = unsafe response else { return 0 }
        defer { unsafe library.destroyResponse(response) }
        _ = unsafe library.addHeader(response, "Content-Type", answer.type)
        if answer.status == 405 { _ = unsafe library.addHeader(response, "Allow", "GET, HEAD") }
        return unsafe library.queue(connection, answer.status, response)
    }
}

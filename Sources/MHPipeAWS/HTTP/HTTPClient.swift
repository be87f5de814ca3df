import CCurl
import Dispatch
import MHPipeIO
package import MHPipeKit

/// Sends requests of HTTP/1.1 side by side, over connections that are used again, on a thread of its own.
///
/// Any thread may call it. The thread ends with the last reference to the client; what waits for an answer then is told
/// that it was given up.
package final class HTTPClient: @unchecked Sendable /* the thread is joined once, when nobody has it any more */ {
    /// What is the same for all requests.
    package struct Settings: Sendable {
        /// A proxy in the place of what the environment says.
        package var proxy: String?
        /// A file of certificates that are trusted in the place of those of the system.
        package var certificates: String?
        /// How many connections one server gets at most.
        package var connections = 80

        package init() {}
    }

    package typealias Completion = @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void

    private let transfers: Transfers
    private let thread: PlainThread

    /// - Parameters:
    ///   - settings: What is the same for all requests.
    ///   - stop: Gives up what is on its way.
    /// - Throws: `StageError` when there is no libcurl, or no thread.
    package init(_ settings: Settings = Settings(), stop: RunStop = RunStop()) throws {
        let transfers = try Transfers(CurlLibrary.shared.get(), settings, stop: stop)
        self.transfers = transfers
        do {
            thread = try PlainThread { transfers.run() }
        } catch {
            throw StageError("cannot start a thread for requests: error \(error.errorNumber)")
        }
    }

    deinit {
        transfers.end()
        thread.join()
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - completion: Called once, on the client's thread, where it must not wait.
    package func send(_ request: HTTPRequest, _ completion: @escaping Completion) {
        transfers.submit(request, completion)
    }

    /// Sends a request and waits for the answer.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - stop: Ends the waiting.
    /// - Returns: The answer, whatever its status is.
    /// - Throws: `HTTPFailure`.
    package func perform(_ request: HTTPRequest, stop: RunStop = RunStop()) throws(HTTPFailure) -> HTTPResponse {
        let isThere = DispatchSemaphore(value: 0)
        let box = AnswerBox()
        send(request) { result in
            box.put(result)
            isThere.signal()
        }
        while isThere.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if stop.isRaised { throw HTTPFailure(.cancelled, "it was given up") }
        }
        guard let result = box.take() else { throw HTTPFailure(.other, "there is no answer") }
        return try result.get()
    }

    private final class AnswerBox: Sendable {
        private let answer = Locked<Result<HTTPResponse, HTTPFailure>?>(nil)

        func put(_ result: Result<HTTPResponse, HTTPFailure>) { answer.withLock { $0 = result } }

        func take() -> Result<HTTPResponse, HTTPFailure>? { answer.withLock { $0 } }
    }
}

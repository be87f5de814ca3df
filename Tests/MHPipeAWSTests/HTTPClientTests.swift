import Dispatch
import Libc
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeAWS

@Suite(.timeLimit(.minutes(30))) struct HTTPClientTests {
    /// The last reference goes on the client's own thread, which cannot wait for itself.
    @Test func aClientMayBeLetGoOfOnItsOwnThread() throws {
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { _ in .init(body: "here") }
        let isDone = DispatchSemaphore(value: 0)
        do {
            let client = try HTTPClient()
            let mark = Mark(isDone)
            client.send(HTTPRequest("GET", "http://127.0.0.1:\(server.port)/")) { [client, mark] result in
                #expect((try? result.get())?.body == Array("here".utf8))
                withExtendedLifetime((client, mark)) {}
            }
        }
        #expect(isDone.hasCome())
        withExtendedLifetime(server) {}
    }

    @Test func aRaisedStopEndsWhatIsOnItsWay() throws {
        let (listener, port) = try Self.silentServer()
        defer { close(listener) }
        let stop = RunStop()
        let client = try HTTPClient(stop: stop)
        let answers = Locked<[HTTPFailure.Kind]>([])
        let isDone = DispatchSemaphore(value: 0)
        for _ in 0..<3 {
            client.send(HTTPRequest("GET", "http://127.0.0.1:\(port)/")) { result in
                if case .failure(let failure) = result { answers.withLock { $0.append(failure.kind) } }
                isDone.signal()
            }
        }
        stop.raise()
        for _ in 0..<3 { #expect(isDone.hasCome()) }
        #expect(answers.withLock { $0 } == [.cancelled, .cancelled, .cancelled])
    }

    /// A server to which connections are made, and which answers none.
    private static func silentServer() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isBound)
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// Signals when whatever holds it is gone.
    private final class Mark: Sendable {
        private let isDone: DispatchSemaphore

        init(_ isDone: DispatchSemaphore) { self.isDone = isDone }

        deinit { isDone.signal() }
    }
}

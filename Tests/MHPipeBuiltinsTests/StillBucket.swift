import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

/// A server with one bucket, `logs`, whose objects never change and need no signature.
final class StillBucket: Sendable {
    private let server: Server

    private struct Server: @unchecked Sendable /* nothing but its port is read */ {
        let server: HTTPServer
    }

    /// - Parameter objects: Their keys and texts.
    /// - Throws: `StageError` when it cannot listen.
    init(_ objects: [String: String]) throws {
        let listing =
            objects.sorted { $0.key < $1.key }.map { key, text in
                "<Contents><Key>\(key)</Key><ETag>\"\(text.utf8.count)\"</ETag><Size>\(text.utf8.count)</Size></Contents>"
            }.joined()
        server = Server(
            server: try HTTPServer(host: "127.0.0.1", port: 0) { path in
                if path == "/logs/" {
                    return .init(
                        body: "<ListBucketResult><IsTruncated>false</IsTruncated>\(listing)</ListBucketResult>"
                    )
                }
                return objects[String(path.dropFirst("/logs/".count))].map { .init(body: $0) }
            }
        )
    }

    /// What a source needs to read it.
    var options: String { "url: s3://logs/\nanonymous: true\nendpoint: http://127.0.0.1:\(server.server.port)" }
}

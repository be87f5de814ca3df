import Foundation
import Libc
import MHPipeKit

/// A server with a queue for each folder, whose messages tell of the folder's log files, and with a bucket of all files.
///
/// It needs no signature. The queue of a folder is at `/FOLDER/queue`.
final class FolderQueue: Sendable {
    private struct Message {
        let id: String
        let body: String
        var receives = 0
        var visibleAt = Date.distantPast
    }

    private let port: UInt16
    private let queues = Locked<[String: [Message]]>([:])

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard listener >= 0, isBound else { throw StageError("cannot listen") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// What source `sqs` needs to read `${FOLDER}`.
    var queueOptions: String {
        "queue: \"\(url)${FOLDER}/queue\"\nendpoint: \(url)\nanonymous: true\nwait: 0s\nvisibility: 5m"
    }

    /// What source `notifications` needs to read objects.
    var fileOptions: String { "path: \(file)\nendpoint: \(url)\nanonymous: true" }

    /// Messages that tell of files of the repository.
    private var file: String {
        let folder = URL(filePath: NSTemporaryDirectory())
            .appending(path: "mhpipe-notices-\(ProcessInfo.processInfo.processIdentifier)")
        let logs = (0..<3).map { folder.appending(path: "\($0).json").path(percentEncoded: false) }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, log) in logs.enumerated() {
            let record = "{\"eventVersion\":\"1\",\"eventName\":\"e\(number)\",\"n\":\(number)}\n"
            try? Data(record.utf8).write(to: URL(filePath: log))
        }
        let messages = folder.appending(path: "messages.jsonl")
        try? Data(logs.map(Self.body).joined(separator: "\n").utf8).write(to: messages)
        return messages.path(percentEncoded: false)
    }

    private static func body(_ file: String) -> String {
        "{\"s3Bucket\":\"logs\",\"s3ObjectKey\":[\"\(file.dropFirst())\"]}"
    }

    // MARK: - HTTP

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var received: [UInt8] = []
        while let head = read(connection, &received) {
            let lines = head.split(separator: "\r\n")
            let words = lines.first?.split(separator: " ") ?? []
            func header(_ name: String) -> String? {
                lines.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
                    .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
            }
            let count = header("content-length").flatMap { Int($0) } ?? 0
            while received.count < count { guard more(connection, &received) else { return } }
            let body = Array(received.prefix(count))
            received.removeFirst(count)
            guard words.count > 1 else { return }
            let answer: (status: String, body: Data, etag: String)
            if words[0] == "POST" {
                let action = header("x-amz-target")?.split(separator: ".").last.map(String.init) ?? ""
                answer = call(action, Data(body))
            } else {
                answer = object(String(words[1]).removingPercentEncoding ?? "")
            }
            let text =
                "HTTP/1.1 \(answer.status)\r\nContent-Length: \(answer.body.count)\r\nETag: \"\(answer.etag)\"\r\n\r\n"
            var bytes = Array(text.utf8)
            if words[0] != "HEAD" { bytes += answer.body }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private func read(_ connection: Int32, _ received: inout [UInt8]) -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let place = received.indices.first(where: { received[$0...].starts(with: end) }) {
                let head = String(decoding: received[..<place], as: UTF8.self)
                received.removeFirst(place + end.count)
                return head
            }
            guard more(connection, &received) else { return nil }
        }
    }

    private func more(_ connection: Int32, _ received: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = recv(connection, &piece, piece.count, 0)
        received += piece.prefix(max(count, 0))
        return count > 0
    }

    private func object(_ path: String) -> (status: String, body: Data, etag: String) {
        guard path.hasPrefix("/logs/"), let data = FileManager.default.contents(atPath: "/" + path.dropFirst(6)) else {
            return ("404 Not Found", Data(), "")
        }
        return ("200 OK", data, "\(data.count)-\(data.reduce(0) { $0 &* 31 &+ Int($1) })")
    }

    // MARK: - The queue

    private func call(_ action: String, _ body: Data) -> (status: String, body: Data, etag: String) {
        let request = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
        let folder =
            (request["QueueUrl"] as? String).flatMap { URL(string: $0) }?.deletingLastPathComponent()
            .path(percentEncoded: false) ?? ""
        guard let messages = messages(folder) else {
            return (
                "400 Bad Request", Data(#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"none"}"#.utf8), ""
            )
        }
        let answer = queues.withLock { queues -> [String: Any] in
            var queue = queues[folder] ?? messages
            defer { queues[folder] = queue }
            if action == "ReceiveMessage" { return ["Messages": Self.receive(&queue)] }
            for entry in request["Entries"] as? [[String: Any]] ?? [] {
                let handle = entry["ReceiptHandle"] as? String
                guard let index = queue.firstIndex(where: { "\($0.id)/\($0.receives)" == handle }) else { continue }
                if action == "DeleteMessageBatch" {
                    queue.remove(at: index)
                } else {
                    queue[index].visibleAt = Date() + TimeInterval(entry["VisibilityTimeout"] as? Int ?? 0)
                }
            }
            let entries = request["Entries"] as? [[String: Any]] ?? []
            return ["Successful": entries.compactMap { $0["Id"] as? String }.map { ["Id": $0] }]
        }
        return ("200 OK", (try? JSONSerialization.data(withJSONObject: answer)) ?? Data(), "")
    }

    private static func receive(_ queue: inout [Message]) -> [[String: Any]] {
        var found: [[String: Any]] = []
        for index in queue.indices where queue[index].visibleAt <= Date() && found.count < 10 {
            queue[index].receives += 1
            queue[index].visibleAt = Date() + 300
            let message = queue[index]
            found.append([
                "MessageId": message.id, "ReceiptHandle": "\(message.id)/\(message.receives)", "Body": message.body,
                "Attributes": ["ApproximateReceiveCount": "\(message.receives)"],
            ])
        }
        return found
    }

    private func messages(_ folder: String) -> [Message]? {
        guard let names = FileManager.default.subpaths(atPath: folder) else { return nil }
        return names.filter { $0.contains(".json") }.sorted().map {
            Message(id: $0, body: Self.body("\(folder)/\($0)"))
        }
    }
}

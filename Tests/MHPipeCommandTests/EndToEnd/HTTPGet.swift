import Foundation
import Libc

/// One request to a server of this machine, and its answer.
struct HTTPGet {
    /// Nobody listens, or the answer is none.
    struct Failure: Error {
        let reason: String
    }

    let status: Int
    let head: String
    let body: String

    init(port: UInt16, path: String, method: String = "GET") throws {
        let descriptor = TCP.socket()
        defer { close(descriptor) }
        guard TCP.connect(descriptor, port) == 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        let request = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        _ = request.withCString { send(descriptor, $0, strlen($0), 0) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { bytes += buffer[..<count] }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw Failure(reason: text) }
        self.status = status
        head = String(text[..<end.lowerBound])
        body = String(text[end.upperBound...])
    }

    /// True where there is an address of version 6 to listen at.
    static let hasVersion6: Bool = {
        let descriptor = TCP.socket(AF_INET6)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        inet_pton(AF_INET6, "::1", &address.sin6_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }()
}

/// A port that is taken.
final class Listener {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = TCP.socket()
        port = TCP.listen(descriptor)
    }

    deinit {
        close(descriptor)
    }
}

/// Sockets of version 4 on this machine.
private enum TCP {
    static func socket(_ family: Int32 = AF_INET) -> Int32 {
        Libc.socket(family, streamSocket, 0)
    }

    static func connect(_ descriptor: Int32, _ port: UInt16) -> Int32 {
        withAddress(port) { address, length in
            Libc.connect(descriptor, address, length)
        }
    }

    /// Listens at a free port, and gives it.
    static func listen(_ descriptor: Int32) -> UInt16 {
        _ = withAddress(0) { bind(descriptor, $0, $1) }
        _ = Libc.listen(descriptor, 1)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

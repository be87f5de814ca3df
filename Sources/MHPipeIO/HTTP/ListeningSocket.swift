import Libc

/// A TCP socket that waits for connections.
struct ListeningSocket: ~Copyable {
    /// The system refuses it.
    struct Failure: Error {
        /// The system's error number.
        let errorNumber: Int32
    }

    let descriptor: FileDescriptor
    /// The port, also where any free one was asked for.
    let port: UInt16

    /// Binds a socket, and listens.
    ///
    /// - Parameters:
    ///   - host: An address in numbers, of version 4 or 6.
    ///   - port: The port; 0 for any that is free.
    /// - Throws: `Failure`.
    init(host: String, port: UInt16) throws(Failure) {
        let isVersion6 = host.contains(":")
        guard let made = FileDescriptor(owning: socket(isVersion6 ? AF_INET6 : AF_INET, streamSocket, 0)) else {
            throw Failure(errorNumber: errno)
        }
        let number = made.number
        // A program that the run starts must not hold the port.
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        var yes: Int32 = 1
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        try Self.bindAddress(number, host, port, isVersion6: isVersion6)
        guard listen(number, 16) == 0 else { throw Failure(errorNumber: errno) }
        self.port = try Self.port(of: number)
        descriptor = made
    }

    /// Gives the descriptor to somebody else to close.
    consuming func handOver() {
        _ = descriptor.handOver()
    }

    private static func bindAddress(
        _ descriptor: Int32,
        _ host: String,
        _ port: UInt16,
        isVersion6: Bool
    ) throws(Failure) {
        var storage = sockaddr_storage()
        let length: Int
        if isVersion6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            unsafe inet_pton(AF_INET6, host, &address.sin6_addr)
            length = MemoryLayout<sockaddr_in6>.size
            unsafe memcpy(&storage, &address, length)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            unsafe inet_pton(AF_INET, host, &address.sin_addr)
            length = MemoryLayout<sockaddr_in>.size
            unsafe memcpy(&storage, &address, length)
        }
        let result = unsafe withUnsafePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, socklen_t(length))
            }
        }
        guard result == 0 else { throw Failure(errorNumber: errno) }
    }

    private static func port(of descriptor: Int32) throws(Failure) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw Failure(errorNumber: errno) }
        // It stands at the same place in addresses of both versions.
        return UInt16(bigEndian: address.sin6_port)
    }
}

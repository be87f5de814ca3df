import Libc
import Synchronization

/// Tells systemd how far a service of `Type=notify` is.
///
/// By the protocol of sd_notify(3), which is a datagram to a socket that the environment names; where it names none, nothing
/// happens.
final class ServiceNotifier: Sendable {
    private let address: String?
    private let isReady = Atomic(false)

    init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"]
    }

    /// The service is up; a second time nothing is said.
    func ready() {
        if !isReady.exchange(true, ordering: .relaxed) { send("READY=1") }
    }

    /// It reads its pipeline anew; `ready` comes behind it.
    func reloading() {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000)")
        isReady.store(false, ordering: .relaxed)
    }

    /// It is on its way to its end.
    func stopping() { send("STOPPING=1") }

    /// What `systemctl status` shows.
    func status(_ text: String) { send("STATUS=\(text)") }

    private func send(_ text: String) {
        guard let address, !address.isEmpty else { return }
        guard let descriptor = FileDescriptor(owning: socket(AF_UNIX, datagramSocket, 0)) else { return }
        let number = descriptor.number
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        // An address in the abstract namespace is written with an @ and begins with a zero.
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        guard path.count < MemoryLayout<sockaddr_un>.size - offset else { return }
        unsafe withUnsafeMutableBytes(of: &name) { unsafe $0[offset...].copyBytes(from: path) }
        let length = socklen_t(offset + path.count)
        let bytes = Array(text.utf8)
        _ = unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(number, bytes, bytes.count, 0, $0, length)
            }
        }
    }
}

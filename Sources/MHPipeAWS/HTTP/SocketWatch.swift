import CCurl
import Libc
import MHPipeKit

/// The sockets and the time that libcurl waits for, so that only what is ready is looked at, however many there are.
///
/// Used on the client's thread, but for `wake`.
@safe
final class SocketWatch {
    /// A socket that something has come of, in libcurl's words.
    struct Ready {
        let socket: Int32
        let events: Int32
    }

    private let reading: FileDescriptor
    private let writing: FileDescriptor
    /// The first one hears of `wake`.
    private var watched: [pollfd]
    /// When libcurl wants to look at what waits for a time.
    private var moment: ContinuousClock.Instant?
    private var ready: [Ready] = []

    /// Nil when there is no descriptor for it.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0, let reading = FileDescriptor(owning: ends[0]),
            let writing = FileDescriptor(owning: ends[1])
        else { return nil }
        for number in ends {
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
        }
        watched = [pollfd(fd: reading.number, events: Int16(POLLIN), revents: 0)]
        self.reading = reading
        self.writing = writing
    }

    /// Has the thread look again; any thread may call it.
    func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes as well.
        _ = unsafe write(writing.number, &byte, 1)
    }

    /// What libcurl wants to hear of a socket from now on.
    func watch(_ socket: Int32, _ what: Int) {
        let index = watched.dropFirst().firstIndex { $0.fd == socket }
        guard what & CurlPollBoth != 0 else {
            if let index { watched.remove(at: index) }
            return
        }
        let events = Int16((what & CurlPollIn != 0 ? POLLIN : 0) | (what & CurlPollOut != 0 ? POLLOUT : 0))
        if let index {
            watched[index].events = events
        } else {
            watched.append(pollfd(fd: socket, events: events, revents: 0))
        }
    }

    /// When libcurl wants to look at what waits for a time; negative for never.
    func setTimer(milliseconds: Int) {
        moment = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }

    /// True, once, when that time has come.
    func takeTimer() -> Bool {
        guard let moment, moment <= .now else { return false }
        self.moment = nil
        return true
    }

    /// Waits until something is ready, the time has come, or somebody wakes it.
    ///
    /// - Parameter most: It waits no longer, in milliseconds.
    /// - Returns: The sockets that are ready.
    func wait(most: Int) -> [Ready] {
        ready.removeAll(keepingCapacity: true)
        let left = moment.map { max(0, ($0 - .now) / .milliseconds(1)) }
        // Rounded up, or it would look a few times too early.
        let timeout = left.map { min(Int($0.rounded(.up)), most) } ?? most
        let count = unsafe poll(&watched, nfds_t(watched.count), Int32(clamping: timeout))
        guard count > 0 else { return ready }
        if watched[0].revents != 0 { hear() }
        for entry in watched.dropFirst() where entry.revents != 0 {
            let events = Int32(entry.revents)
            var said = events & (POLLIN | POLLHUP) != 0 ? CurlReadyIn : 0
            if events & POLLOUT != 0 { said |= CurlReadyOut }
            if events & (POLLERR | POLLNVAL) != 0 { said |= CurlReadyBad }
            ready.append(Ready(socket: entry.fd, events: Int32(said)))
        }
        return ready
    }

    private func hear() {
        var bytes = (UInt64(0), UInt64(0))
        _ = unsafe withUnsafeMutableBytes(of: &bytes) { unsafe read(reading.number, $0.baseAddress, $0.count) }
    }
}

import CCurl
import Libc
import MHPipeKit

/// The transfers of a client, which its thread drives through libcurl.
@safe
final class Transfers: @unchecked Sendable /* `all` is made once, and but for its wake-up used on one thread */ {
    private struct Inbox {
        var waiting: [(request: HTTPRequest, completion: HTTPClient.Completion)] = []
        var isEnding = false
        /// True while the thread looks in here again before it waits.
        var isAwake = false
        /// True once the thread has looked for the last time.
        var hasEnded = false
    }

    private let library: CurlLibrary
    private let settings: HTTPClient.Settings
    private let stop: RunStop
    private let all: UnsafeMutableRawPointer
    private let sockets: SocketWatch
    private let inbox = Locked(Inbox())

    /// By the handle of each; of the thread alone.
    private var running: [UnsafeMutableRawPointer: Transfer] = unsafe [:]
    /// Handles that are used again, with what they know of hosts; likewise.
    private var idle: [UnsafeMutableRawPointer] = unsafe []

    init(_ library: CurlLibrary, _ settings: HTTPClient.Settings, stop: RunStop) throws(HTTPFailure) {
        guard let sockets = SocketWatch(), let all = unsafe library.makeAll() else { throw Self.noMemory }
        self.sockets = sockets
        self.library = library
        self.settings = settings
        self.stop = stop
        unsafe self.all = unsafe all
        _ = unsafe curl_shim_set_of_all(
            library.setOptionOfAll,
            all,
            Int32(CurlMaxKeptConnections),
            settings.connections + 8
        )
        _ = unsafe curl_shim_set_of_all(
            library.setOptionOfAll,
            all,
            Int32(CurlMaxHostConnections),
            settings.connections
        )
        _ = unsafe curl_shim_set_of_all(library.setOptionOfAll, all, Int32(CurlPipelining), 0)
        // It is let go of behind `all`.
        let context = unsafe Unmanaged.passUnretained(sockets).toOpaque()
        _ = unsafe curl_shim_set_context_of_all(library.setOptionOfAll, all, Int32(CurlSocketContext), context)
        _ = unsafe curl_shim_set_context_of_all(library.setOptionOfAll, all, Int32(CurlTimerContext), context)
        _ = unsafe curl_shim_set_socket_teller(library.setOptionOfAll, all) { _, socket, what, context, _ in
            if let context = unsafe context {
                unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue().watch(socket, Int(what))
            }
            return 0
        }
        _ = unsafe curl_shim_set_timer_teller(library.setOptionOfAll, all) { _, milliseconds, context in
            if let context = unsafe context {
                unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue()
                    .setTimer(milliseconds: milliseconds)
            }
            return 0
        }
    }

    deinit {
        unsafe idle.forEach { unsafe library.freeTransfer($0) }
        _ = unsafe library.freeAll(all)
    }

    /// Any thread may call it.
    func submit(_ request: HTTPRequest, _ completion: @escaping HTTPClient.Completion) {
        let isAwake = inbox.withLock { inbox -> Bool? in
            guard !inbox.hasEnded else { return nil }
            inbox.waiting.append((request, completion))
            return inbox.isAwake
        }
        guard let isAwake else { return completion(.failure(Self.givenUp)) }
        if !isAwake { sockets.wake() }
    }

    /// Has the thread end; any thread may call it.
    func end() {
        inbox.withLock { $0.isEnding = true }
        sockets.wake()
    }

    /// The thread's work.
    func run() {
        while true {
            let (waiting, isEnding) = inbox.withLock { inbox in
                defer { inbox.waiting = [] }
                inbox.isAwake = true
                if inbox.isEnding { inbox.hasEnded = true }
                return (inbox.waiting, inbox.isEnding)
            }
            if isEnding {
                for (_, completion) in waiting { completion(.failure(Self.givenUp)) }
                return giveUp()
            }
            for (request, completion) in waiting { start(request, completion) }
            if sockets.takeTimer() { act(Int32(CurlNoSocket), 0) }
            finishDone()
            if stop.isRaised { giveUp() }
            let mayWait = inbox.withLock { inbox in
                inbox.isAwake = !inbox.waiting.isEmpty || inbox.isEnding
                return !inbox.isAwake
            }
            guard mayWait else { continue }
            // A stop is asked, and not heard.
            let ready = sockets.wait(most: unsafe running.isEmpty ? 60_000 : 100)
            inbox.withLock { $0.isAwake = true }
            for socket in ready { act(socket.socket, socket.events) }
            finishDone()
        }
    }

    private func act(_ socket: Int32, _ events: Int32) {
        var count: Int32 = 0
        _ = unsafe library.act(all, socket, events, &count)
    }

    private func giveUp() {
        for unsafe(handle, transfer) in unsafe running {
            _ = unsafe library.remove(all, handle)
            transfer.free(library)
            unsafe library.freeTransfer(handle)
            transfer.completion(.failure(Self.givenUp))
        }
        unsafe running = unsafe [:]
    }

    private func start(_ request: HTTPRequest, _ completion: @escaping HTTPClient.Completion) {
        guard let handle = unsafe idle.popLast() ?? library.makeTransfer() else {
            return completion(.failure(Self.noMemory))
        }
        let transfer = Transfer(request, completion)
        guard unsafe transfer.setUp(handle, library, settings), unsafe library.add(all, handle) == 0 else {
            transfer.free(library)
            unsafe library.freeTransfer(handle)
            return completion(.failure(Self.noMemory))
        }
        unsafe running[handle] = transfer
    }

    private func finishDone() {
        var left: Int32 = 0
        while let message = unsafe library.readMessage(all, &left)?.pointee {
            guard unsafe message.kind == CurlMessageDone, let handle = unsafe message.transfer,
                let transfer = unsafe running.removeValue(forKey: handle)
            else { continue }
            let outcome = unsafe transfer.outcome(message.data.result, handle, library)
            _ = unsafe library.remove(all, handle)
            unsafe library.resetTransfer(handle)
            transfer.free(library)
            unsafe idle.append(handle)
            transfer.completion(outcome)
        }
    }

    private static let noMemory = HTTPFailure(.other, "libcurl has no memory for a request")
    private static let givenUp = HTTPFailure(.cancelled, "it was given up")
}

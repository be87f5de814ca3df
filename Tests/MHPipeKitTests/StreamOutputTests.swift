import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@Suite struct StreamOutputTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        signal(SIGPIPE, SIG_IGN)
    }

    @Test func aDeviceIsWrittenIntoAndStays() throws {
        let file = try Output.open("/dev/null")
        try file.write("x")
        try file.finish()
        try file.commit()
        var status = stat()
        #expect(stat("/dev/null", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test(.timeLimit(.minutes(30)))
    func aNamedPipeIsWrittenInto() throws {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        // Open for both, the pipe has a reader, and what is written stays in it.
        let reader = open(path, O_RDWR)
        defer { close(reader) }
        let file = try Output.open(path)
        try file.write("through the pipe")
        try file.finish()
        try file.commit()
        #expect(read(reader) == "through the pipe")
        #expect(folder.names == ["pipe"])
    }

    @Test func aReaderThatWentAway() throws {
        let ends = try Pipe()
        let output = try StreamOutput(name: "-", descriptor: ends.writer)
        ends.closeReader()
        do {
            try output.write("x")
            Issue.record("a pipe without a reader took a byte")
        } catch {
            #expect(error.isBrokenPipe)
            #expect(error.message == "cannot write standard output: Broken pipe")
        }
    }

    @Test(.timeLimit(.minutes(30)))
    func aPipeThatDoesNotWaitIsWaitedFor() throws {
        let ends = try Pipe()
        _ = fcntl(ends.writer, F_SETFL, fcntl(ends.writer, F_GETFL) | O_NONBLOCK)
        let size = 3_000_000
        let total = Locked(0)
        let isRead = Gate()
        // A thread of its own: tasks and global queues share a few, which other tests may all be waiting on.
        Thread.detachNewThread {
            defer { isRead.open() }
            var bytes = [UInt8](repeating: 0, count: 50_000)
            while total.withLock({ $0 }) < size {
                let count = Foundation.read(ends.reader, &bytes, bytes.count)
                guard count > 0 else { break }
                total.withLock { $0 += count }
            }
        }
        let output = try StreamOutput(name: "pipe", descriptor: ends.writer)
        try [UInt8](repeating: 7, count: size).withUnsafeBufferPointer { try output.write($0) }
        try isRead.pass()
        #expect(total.withLock { $0 } == size)
    }

    @Test func aDescriptorThatIsClosedOrForReadingOnly() throws {
        let ends = try Pipe()
        #expect(failure(ends.reader)?.message == "cannot write standard output: it is not open for writing")
        #expect(failure(1_000_000)?.message == "cannot write standard output: it is not open for writing")
    }

    @Test func aPathThatNamesADescriptor() throws {
        let path = try folder.write("begin ", to: "log")
        let descriptor = open(path, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        let file = try Output.open("/dev/fd/\(descriptor)")
        try file.write("end")
        try file.finish()
        try file.commit()
        #expect(try folder.text("log") == "begin end")
    }

    private func failure(_ descriptor: Int32) -> OutputFailure? {
        do {
            _ = try StreamOutput(name: "-", descriptor: descriptor)
            return nil
        } catch {
            return error
        }
    }

    private func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

/// The two ends of a pipe.
private final class Pipe: @unchecked Sendable /* the numbers do not change */ {
    let reader: Int32
    let writer: Int32
    private var isReaderOpen = true

    struct Failed: Error {}

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed() }
        (reader, writer) = (ends[0], ends[1])
    }

    func closeReader() {
        close(reader)
        isReaderOpen = false
    }

    deinit {
        if isReaderOpen { close(reader) }
        close(writer)
    }
}

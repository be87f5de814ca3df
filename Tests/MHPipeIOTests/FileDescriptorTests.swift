import Libc
import Testing

@Suite struct FileDescriptorTests {
    private final class Pipe {
        private var reading: FileDescriptor?
        var writing: FileDescriptor?

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            reading = FileDescriptor(owning: ends[0])
            writing = FileDescriptor(owning: ends[1])
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        }

        /// A pipe has no end while anybody can write to it.
        var isAtEnd: Bool {
            var byte: UInt8 = 0
            return read(reading?.number ?? -1, &byte, 1) == 0
        }
    }

    @Test func isClosedWhenItsOwnerLetsGo() throws {
        let pipe = try Pipe()
        #expect(!pipe.isAtEnd)
        pipe.writing = nil
        #expect(pipe.isAtEnd)
    }

    /// Calls of the system borrow the number, which says nothing of how long it is needed.
    @Test func isOpenToTheEndOfItsScope() throws {
        let pipe = try Pipe()
        do {
            guard let writer = pipe.writing.take() else { return }
            #expect(writer.number >= 0)
            #expect(!pipe.isAtEnd)
        }
        #expect(pipe.isAtEnd)
    }

    @Test func aDuplicateIsAnother() throws {
        let pipe = try Pipe()
        guard let writer = pipe.writing.take(), let other = writer.duplicate() else { return }
        close(writer.handOver())
        #expect(!pipe.isAtEnd)
        let number = other.number
        #expect(number > STDERR_FILENO && fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func whatIsHandedOverIsNotClosed() throws {
        let pipe = try Pipe()
        let number = pipe.writing.take()?.handOver() ?? -1
        #expect(!pipe.isAtEnd)
        close(number)
        #expect(pipe.isAtEnd)
    }

    @Test func noNumberIsNone() {
        let isNone = FileDescriptor(owning: -1) == nil
        #expect(isNone)
    }

    @Test func aHandleIsGivenBackOnce() throws {
        var freed: [OpaquePointer] = []
        let made = try #require(OpaquePointer(bitPattern: 16))
        do {
            let handle = CHandle(owning: made, free: { freed.append($0) })
            let isThere = handle != nil
            #expect(isThere && freed.isEmpty)
        }
        #expect(freed == [made])
        let isNone = CHandle(owning: nil, free: { freed.append($0) }) == nil
        #expect(isNone && freed == [made])
    }
}

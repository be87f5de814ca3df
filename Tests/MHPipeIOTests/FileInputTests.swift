import MHPipeKit
import Foundation
import Libc
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct FileInputTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func readAll(_ input: FileInput, step: Int = 10) throws -> String {
        var buffer = [UInt8](repeating: 0, count: step)
        var bytes: [UInt8] = []
        while case let count = try buffer.withUnsafeMutableBytes({ try input.read(into: $0) }), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a file is read from the first byte to the last`() throws {
        let text = "twenty-one characters"
        let path = try directory.write(text, to: "file")
        #expect(try readAll(FileInput(FilePath(path))) == text)
    }

    @Test func `a named pipe is read until its writer closes it`() throws {
        let path = directory.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            let descriptor = open(path, O_WRONLY)
            for _ in 0..<3 { _ = write(descriptor, "piece ", 6) }
            close(descriptor)
        }
        writer.start()
        #expect(try readAll(FileInput(FilePath(path))) == "piece piece piece ")
    }

    @Test func `a file that is not there is named with the system's reason`() {
        let error = #expect(throws: InputFailure.self) { try FileInput(FilePath("/no/such/file")) }
        #expect(error?.description == "cannot open '/no/such/file': No such file or directory")
    }

    @Test func `a folder is no file`() throws {
        let path = directory.path("")
        let input = try FileInput(FilePath(path))
        let error = #expect(throws: InputFailure.self) { try readAll(input) }
        #expect(error?.reason == "it is a folder, not a file")
    }

    @Test func `the file is closed with its last reference`() throws {
        let path = try directory.write("x", to: "file")
        // The system gives the lowest number that is free: a file that stays open would run out of numbers.
        let limit = try #require(openFilesLimit())
        for _ in 0..<min(Int(limit), 5000) + 1 { _ = try FileInput(FilePath(path)) }
    }
}

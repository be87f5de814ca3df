import Libc
import MHPipeKit

/// The lines of inputs of a run that keeps a state, in a file of its folder.
///
/// Used under the lock of the manifest alone.
final class KeptLines {
    private let name: String
    private let file: FileDescriptor
    private var waiting: [UInt8] = []
    private var written: Int

    private static let waitingBytes = 256 << 10

    /// Takes over a descriptor, open to read and write.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: What messages call it.
    ///   - end: Where the lines end that count; what is behind is cut off.
    /// - Throws: `StageError` when the file is shorter.
    init(_ file: consuming FileDescriptor, name: String, end: Int) throws(StageError) {
        self.name = name
        written = end
        let size = lseek(file.number, 0, SEEK_END)
        guard size >= end else {
            throw StageError("'\(name)' is shorter than the state says", advice: "begin anew with --restart")
        }
        guard ftruncate(file.number, off_t(end)) == 0, lseek(file.number, off_t(end), SEEK_SET) == end else {
            throw Self.failure(name, errno)
        }
        self.file = file
    }

    /// Where all lines end.
    var end: Int { written + waiting.count }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(StageError) {
        unsafe waiting += bytes
        if waiting.count >= Self.waitingBytes { try flush() }
    }

    /// Brings all lines to the disk.
    func sync() throws(StageError) {
        try flush()
        let number = DescriptorWriting.sync(file.number)
        guard number == 0 else { throw Self.failure(name, number) }
    }

    /// Hands out all lines, some at a time.
    func forEachPiece(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        try flush()
        var piece = [UInt8](repeating: 0, count: Self.waitingBytes)
        var offset = 0
        while offset < written {
            let count = unsafe piece.withUnsafeMutableBytes {
                let room = min($0.count, written - offset)
                return unsafe DescriptorReading.fill(.init(rebasing: $0[..<room]), from: file.number, at: offset)
            }
            guard count > 0 else { throw Self.failure(name, count < 0 ? errno : EIO) }
            try unsafe piece.withUnsafeBufferPointer { try unsafe body(UnsafeBufferPointer(rebasing: $0[..<count])) }
            offset += count
        }
    }

    private func flush() throws(StageError) {
        guard !waiting.isEmpty else { return }
        let number = unsafe waiting.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: file.number) }
        guard number == 0 else { throw Self.failure(name, number) }
        written += waiting.count
        waiting.removeAll(keepingCapacity: true)
    }

    private static func failure(_ name: String, _ number: Int32) -> StageError {
        StageError("cannot keep the manifest's lines in '\(name)': \(SystemFailure.reason(number))")
    }
}

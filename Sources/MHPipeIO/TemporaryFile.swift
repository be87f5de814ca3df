import Libc
package import MHPipeKit

/// A file without a name, for what does not fit in memory: the system takes its space back when the process ends,
/// however that comes.
package struct TemporaryFile: ~Copyable {
    private let file: FileDescriptor
    private let folder: String
    private var waiting: [UInt8] = []
    private var written = 0

    private static let bufferBytes = 256 << 10

    /// The folder for such files unless somebody says otherwise: `TMPDIR`, else `/var/tmp`, which is on a disk where
    /// `/tmp` is often memory.
    package static var defaultFolder: String {
        guard let named = unsafe getenv("TMPDIR").map({ unsafe String(cString: $0) }), !named.isEmpty else {
            return "/var/tmp"
        }
        return named
    }

    /// Makes an empty file.
    ///
    /// - Parameter folder: The folder on whose disk its bytes will be.
    /// - Throws: `OutputFailure` when no file can be made there.
    package init(in folder: String) throws(OutputFailure) {
        self.folder = folder
        var template = Array("\(folder)/.mhpipe-XXXXXX".utf8CString)
        guard let file = FileDescriptor(owning: unsafe mkstemp(&template)) else {
            throw Self.failure(in: folder, errno)
        }
        // A failure leaves an empty file behind, and nothing worse.
        _ = unsafe unlink(template)
        _ = fcntl(file.number, F_SETFD, FD_CLOEXEC)
        self.file = file
    }

    /// The bytes appended so far.
    package var count: Int { written + waiting.count }

    /// Writes bytes behind the earlier ones.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(OutputFailure) {
        unsafe waiting.append(contentsOf: bytes)
        if waiting.count >= Self.bufferBytes { try flush() }
    }

    /// Reads bytes that were appended.
    ///
    /// - Parameters:
    ///   - count: Their number.
    ///   - offset: Where they begin.
    /// - Returns: A copy of them.
    /// - Throws: `OutputFailure` when they cannot be read, or what was appended before cannot be written.
    package mutating func bytes(_ count: Int, at offset: Int) throws(OutputFailure) -> [UInt8] {
        if offset + count > written { try flush() }
        let descriptor = file.number
        var number: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, done in
            let room = unsafe UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: room[..<count]))
            let read = unsafe DescriptorReading.fill(room, from: descriptor, at: offset)
            number = read < 0 ? errno : read < count ? EIO : 0
            done = max(read, 0)
        }
        guard number == 0 else { throw Self.failure(in: folder, number) }
        return bytes
    }

    private mutating func flush() throws(OutputFailure) {
        let number = unsafe waiting.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: file.number) }
        guard number == 0 else { throw Self.failure(in: folder, number) }
        written += waiting.count
        waiting.removeAll(keepingCapacity: true)
    }

    private static func failure(in folder: String, _ number: Int32) -> OutputFailure {
        OutputFailure("a temporary file in \(folder)", errorNumber: number)
    }
}

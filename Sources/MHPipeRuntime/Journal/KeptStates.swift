import Libc
import MHPipeIO
import MHPipeKit

/// What an ordered stage keeps from run to run, in a file that grows by what each run has learned.
///
/// For each run 8 bytes with the number of those that follow, little-endian, the state, and the SHA-256 of the state. How
/// many bytes count is in the `CommitRecord`; what stands behind them was never committed.
struct KeptStates {
    private let folder: StateFolder
    private let part: String
    private let length: Int

    private static let headBytes = 8

    /// - Parameters:
    ///   - folder: Where the file is.
    ///   - stage: The stage's name.
    ///   - length: The bytes that count.
    init(_ folder: StateFolder, stage: String, length: Int) {
        self.folder = folder
        self.length = length
        part = CommitRecord.file(ofStage: stage)
    }

    /// Lends the state of each run, the oldest first.
    ///
    /// - Throws: `StageError` when the file is damaged, or not there.
    func forEach(_ body: ([UInt8]) throws -> Void) throws {
        guard length > 0 else { return }
        let file = try FolderFile(folder, part)
        let hash = try SHA256()
        var place = 0
        while place < length {
            let head = try file.bytes(Self.headBytes, at: place)
            let count = (0..<Self.headBytes).reduce(0) { $0 | UInt64(head[$1]) << UInt64(8 * $1) }
            let left = length - place - Self.headBytes - SHA256.count
            guard left >= 0, count <= UInt64(left) else { throw file.damage }
            let state = try file.bytes(Int(count), at: place + Self.headBytes)
            hash.update(state)
            let end = place + Self.headBytes + state.count
            guard try file.bytes(SHA256.count, at: end) == hash.finish() else { throw file.damage }
            try body(state)
            place = end + SHA256.count
        }
    }

    /// Writes the state of a run behind those that count.
    ///
    /// - Returns: The bytes that count with it, which are on the disk.
    func appending(_ state: [UInt8]) throws -> Int {
        let descriptor = try folder.open(part, O_RDWR | O_CREAT)
        let number = DescriptorWriting.truncate(descriptor.number, to: length)
        guard number == 0 else {
            throw StageError("cannot write '\(folder.shown(part))': \(SystemFailure.reason(number))")
        }
        let hash = try SHA256()
        hash.update(state)
        var bytes = (0..<Self.headBytes).map { UInt8(truncatingIfNeeded: state.count >> (8 * $0)) }
        bytes += state + hash.finish()
        try folder.put(bytes, to: descriptor.number, sync: true, part)
        return length + bytes.count
    }
}

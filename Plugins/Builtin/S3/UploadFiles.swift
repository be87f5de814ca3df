import Libc
import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// What a sink that writes an object keeps in the folder of a run's state.
///
/// `sink-NAME.M` is the state of the upload at a checkpoint; the last three are kept, since a checkpoint counts only when the
/// run has written it down. `uploads-NAME` names the uploads that were begun, each on a line with its bucket and key, so that
/// none is forgotten on the server, whatever becomes of the run.
final class UploadFiles {
    private let folder: FilePath
    private let stage: String
    private var number = 0

    private static let most = 3

    init(_ folder: String, stage: String) {
        self.folder = FilePath(folder)
        self.stage = Self.part(stage)
    }

    private init(_ folder: FilePath, part: String) {
        (self.folder, stage) = (folder, part)
    }

    /// What stands for a stage in the names of files.
    static func part(_ stage: String) -> String { Hexadecimal.text(stage.utf8) }

    /// Those of all sinks that have begun uploads, also of runs with other sinks.
    var all: [UploadFiles] {
        var parts: [String] = []
        let stream = try? FolderStream(folder)
        while let entry = try? stream?.next() {
            let name = unsafe String(decoding: entry.name, as: UTF8.self)
            if name.hasPrefix("uploads-") { parts.append(String(name.dropFirst("uploads-".count))) }
        }
        return parts.map { UploadFiles(folder, part: $0) }
    }

    // MARK: - Checkpoints

    /// Writes down the state of an upload.
    ///
    /// - Throws: `StageError` when it is not on the disk then.
    func save(_ bytes: [UInt8]) throws -> Checkpoint {
        number += 1
        try write(bytes, to: path(number), O_TRUNC)
        path(number - Self.most).removeFile()
        return Checkpoint(token: Array("\(number) \(try hash(bytes))".utf8))
    }

    /// Reads the state of an upload at a checkpoint.
    ///
    /// - Throws: `StageError` when it is not there.
    func load(_ checkpoint: Checkpoint) throws -> [UInt8] {
        let words = String(decoding: checkpoint.token, as: UTF8.self).split(separator: " ")
        guard words.count == 2, let number = Int(words[0]) else { throw damaged("the state") }
        guard let bytes = bytes(of: path(number)), try hash(bytes) == words[1] else {
            throw damaged("'\(path(number).text)'")
        }
        self.number = number
        return bytes
    }

    private func damaged(_ what: String) -> StageError {
        StageError("\(what) does not say how far the upload of an object is", advice: "begin anew with --restart")
    }

    private func hash(_ bytes: [UInt8]) throws -> String {
        let hash = try SHA256()
        hash.update(bytes)
        return Hexadecimal.text(hash.finish())
    }

    private func path(_ number: Int) -> FilePath { folder.appending(Array("sink-\(stage).\(number)".utf8)) }

    // MARK: - Uploads

    /// Writes down that an upload was begun.
    ///
    /// - Throws: `StageError` when that is not on the disk then.
    func note(_ upload: String, of place: S3Location) throws {
        let words = [place.bucket, Hexadecimal.text(place.key.utf8), Hexadecimal.text(upload.utf8)]
        try write(Array((words.joined(separator: " ") + "\n").utf8), to: list, O_APPEND)
    }

    /// The uploads that were begun.
    var noted: [(place: S3Location, upload: String)] {
        String(decoding: bytes(of: list) ?? [], as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let key = Hexadecimal.bytes(words[1]), let upload = Hexadecimal.bytes(words[2])
            else { return nil }
            let place = S3Location(bucket: String(words[0]), key: String(decoding: key, as: UTF8.self))
            return (place, String(decoding: upload, as: UTF8.self))
        }
    }

    /// Forgets all of them, which are completed or aborted.
    func forget() { list.removeFile() }

    private var list: FilePath { folder.appending(Array("uploads-\(stage)".utf8)) }

    // MARK: - Files

    private func bytes(of file: FilePath) -> [UInt8]? {
        guard let opened = file.open(O_RDONLY) else { return nil }
        return DescriptorReading.all(of: opened.number)
    }

    private func write(_ bytes: [UInt8], to file: FilePath, _ flag: Int32) throws {
        guard let opened = file.open(O_WRONLY | O_CREAT | flag) else {
            throw StageError(OutputFailure(file.text, errorNumber: errno))
        }
        var number = unsafe bytes.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: opened.number) }
        if number == 0 { number = DescriptorWriting.sync(opened.number) }
        if number == 0 { number = AtomicFile.sync(folder) }
        guard number == 0 else { throw StageError(OutputFailure(file.text, errorNumber: number)) }
    }
}

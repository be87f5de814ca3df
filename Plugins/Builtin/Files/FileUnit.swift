import MHPipeIO
import MHPipeKit

/// A file, a pipe or standard input as a unit of work.
///
/// Its errors do not name the file: the runtime puts the unit's name before them.
final class FileUnit: FileBacked {
    private enum Place {
        case path(FilePath, bytes: [UInt8])
        case standardInput
    }

    private let place: Place
    private let status: FileStatus?
    private let isLink: Bool
    private let folder: ResolvedFolder?
    /// What ends a pipe that nothing more comes through.
    private let stop: RunStop?

    /// The file at a path.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - status: What is there.
    ///   - isLink: True when the path may be a link.
    ///   - folder: A folder that the path begins with, without links behind it.
    ///   - stop: What ends it when it is a pipe; nil for what no more than its end can end.
    init(
        _ path: FilePath,
        _ status: FileStatus,
        isLink: Bool,
        in folder: ResolvedFolder? = nil,
        stop: RunStop? = nil
    ) {
        place = .path(path, bytes: path.bytes)
        self.status = status
        self.isLink = isLink
        self.folder = folder
        self.stop = stop
    }

    /// Standard input, which `stop` ends.
    init(standardInput stop: RunStop) {
        place = .standardInput
        status = nil
        isLink = false
        folder = nil
        self.stop = stop
    }

    var name: String {
        switch place {
        case .path(let path, _): path.text
        case .standardInput: "-"
        }
    }

    var id: UnitID {
        switch place {
        case .path(_, let bytes): UnitID(name: bytes, version: content.map { "\($0.size)-\($0.modified)" })
        case .standardInput: UnitID(name)
        }
    }

    var size: Int? { content?.size }

    /// What its key says.
    var facts: UnitFacts {
        guard case .path(_, let bytes) = place else { return UnitFacts() }
        return UnitFacts(folder.map { $0.key(of: bytes) } ?? CloudTrailKey(file: bytes))
    }

    var file: FileReference? {
        guard let content, case .path = place else { return nil }
        return FileReference(content.identity, mayRepeat: isLink || content.hasOtherNames) { [self] in resolvedPath }
    }

    private var resolvedPath: [UInt8]? {
        guard case .path(let path, _) = place else { return nil }
        return if let folder, !isLink { folder.resolved(path) } else { path.resolved?.bytes }
    }

    /// True when nothing more is waited for.
    private var isEnough: Bool { stop?.isEnough ?? false }

    /// The status of a file whose content is there before it is read.
    private var content: FileStatus? {
        status.flatMap { $0.kind == .file ? $0 : nil }
    }

    func open() throws -> any ByteStream {
        switch place {
        case .standardInput:
            return Stream(FileInput(standardInput: { [self] in isEnough }))
        case .path(let path, _):
            do {
                return Stream(try FileInput(path) { [self] in isEnough })
            } catch {
                throw StageError(error, of: "cannot be opened")
            }
        }
    }

    /// The bytes.
    final class Stream: ByteStream {
        private let input: FileInput

        init(_ input: FileInput) {
            self.input = input
        }

        /// What it is open at, whatever is at the path by now.
        var status: FileStatus? { input.status }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do {
                return try unsafe input.read(into: buffer)
            } catch {
                throw StageError(error, of: "cannot be read any further")
            }
        }
    }
}

extension FileUnit: ListableUnit {
    var listedName: ListedName? {
        guard case .path(_, let bytes) = place else { return nil }
        return ListedName(bytes, size: size)
    }
}

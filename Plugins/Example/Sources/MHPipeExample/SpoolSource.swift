import Foundation
import MHPipeKit

/// Reads the files of a folder, and removes each when all that came of it is in its place.
struct SpoolSource: AcknowledgedSource {
    static let name = "spool"
    static let summary = "Reads the files of a folder, and removes what was read."

    struct Options: PluginOptions {
        var path: InputTree = ""

        static let all: [Option<Options>] = [
            .required("path", \.path, "The folder; folders in it are left alone.", example: "spool")
        ]
    }

    private let folder: URL

    init(_ options: Options, _ context: PluginContext) {
        folder = URL(filePath: options.path.path, directoryHint: .isDirectory)
    }

    func list() throws -> any UnitList {
        do {
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            return Files(files.filter { $0.lastPathComponent.contains(".json") && !$0.hasDirectoryPath })
        } catch {
            throw StageError("cannot list '\(folder.path(percentEncoded: false))': \(error.localizedDescription)")
        }
    }

    mutating func committed(_ units: [UnitID]) throws {
        for unit in units {
            let file = folder.appending(path: unit.displayName)
            // After a crash this is a second time, and the file may be gone.
            guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { continue }
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw StageError("cannot remove '\(unit.displayName)', which was read: \(error.localizedDescription)")
            }
        }
    }

    mutating func released(_ units: [UnitID]) {
        // They are still in the folder.
    }

    private final class Files: UnitList {
        private var rest: ArraySlice<URL>

        init(_ files: [URL]) {
            rest = files.sorted { $0.lastPathComponent < $1.lastPathComponent }[...]
        }

        func next() -> NextUnit { rest.popFirst().map { .unit(SpooledFile(url: $0)) } ?? .end }
    }
}

/// One file of the folder; its id is its name.
private struct SpooledFile: SourceUnit {
    let url: URL

    var name: String { url.path(percentEncoded: false) }
    var id: UnitID { UnitID(url.lastPathComponent) }
    var size: Int? { try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize }

    func open() throws -> any ByteStream {
        guard let file = FileHandle(forReadingAtPath: name) else { throw StageError("cannot be opened") }
        return Stream(file)
    }

    private final class Stream: ByteStream {
        private let file: FileHandle

        init(_ file: FileHandle) {
            self.file = file
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do {
                let bytes = try file.read(upToCount: buffer.count) ?? Data()
                buffer.copyBytes(from: bytes)
                return bytes.count
            } catch {
                throw StageError("cannot be read any further: \(error.localizedDescription)")
            }
        }
    }
}

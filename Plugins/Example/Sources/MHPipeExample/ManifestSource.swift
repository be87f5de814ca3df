import Foundation
import MHPipeKit

/// Reads the files that a list names, in the order of the list.
///
/// The list has one path a line. Empty lines, and lines that begin with `#`, are passed over.
struct ManifestSource: ListedSource {
    static let name = "manifest"
    static let summary = "Reads the files that a text file lists, one path a line."

    struct Options: PluginOptions {
        var path: InputPath = ""

        static let all: [Option<Options>] = [
            .required("path", \.path, "The list of files.", example: "files.txt")
        ]
    }

    private let list: String
    private let context: PluginContext

    init(_ options: Options, _ context: PluginContext) {
        list = options.path.path
        self.context = context
    }

    func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
        guard let text = try? String(contentsOfFile: list, encoding: .utf8) else {
            throw StageError("cannot read the list '\(list)'", advice: "it must be a text file with one path a line")
        }
        let paths = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#") }
        if paths.isEmpty { context.warn("nothing to read: '\(list)' names no file") }
        return paths.compactMap { path in
            if FileManager.default.isReadableFile(atPath: path) { return ListedFile(name: path) }
            report(UnreadableInput(name: path, reason: "named in '\(list)', but it cannot be read"))
            return nil
        }
    }
}

/// One file of the list.
private struct ListedFile: SourceUnit {
    let name: String

    var size: Int? {
        (try? FileManager.default.attributesOfItem(atPath: name))?[.size] as? Int
    }

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

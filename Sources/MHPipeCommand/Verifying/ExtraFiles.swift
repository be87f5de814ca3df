import MHPipeIO
import MHPipeKit

/// The files below some folders that a manifest does not name, in no order.
final class ExtraFiles: Sequence, IteratorProtocol {
    private let known: Set<FilePath>
    private var folders: [FilePath]
    private var folder = FilePath("")
    /// What is left of `folder`; nil before the first.
    private var stream: FolderStream?

    /// - Parameters:
    ///   - folders: Where to look, with all below them.
    ///   - known: The files that the manifest names.
    init(in folders: [FilePath], beside known: Set<FilePath>) {
        self.folders = folders
        self.known = known
    }

    func next() -> FilePath? {
        while true {
            while let entry = try? stream?.next() {
                let path = folder.appending(unsafe Array(entry.name))
                switch (try? FileStatus(path, followsLinks: false))?.kind {
                case .folder: folders.append(path)
                case .file, .link: if !known.contains(path) { return path }
                default: break
                }
            }
            guard let next = folders.popLast() else { return nil }
            folder = next
            stream = try? FolderStream(next)
        }
    }
}

extension ManifestText {
    /// The folders that sources have read with all below them, and those that files were written to by their fields.
    func folders(inputs: Bool, outputs: Bool) -> [FilePath] {
        let read = inputs ? run.sources.flatMap(\.paths) : []
        let written = outputs ? run.sinks.flatMap(\.paths) : []
        let templates = written.compactMap { try? PathTemplate(parsing: $0) }.filter { $0.file == nil }
        // What is no folder holds no files.
        return read.map { FilePath($0) } + templates.map { FilePath($0.folder) }
    }
}

import Dispatch
import Foundation
import MHPipeSynthetic
import Synchronization

/// The files of a made-up trail, and where they go.
struct Corpus {
    /// What was written in one form.
    struct Summary: Encodable {
        let form: String
        let files: Int
        let events: Int
        let hubEvents: Int
        /// The bytes of text, and of the files.
        let textBytes: Int
        let storedBytes: Int
    }

    let files: [SyntheticFile]
    let folder: URL

    /// Writes the trail in one form.
    func write(_ form: CorpusForm) throws -> Summary {
        let root = folder.appending(path: form.rawValue)
        if FileManager.default.fileExists(atPath: root.path) { try FileManager.default.removeItem(at: root) }
        let sizes = form == .document ? try writeDocument(root) : try writeTree(form, root)
        return Summary(
            form: form.rawValue,
            files: form == .document ? 1 : files.count,
            events: files.reduce(0) { $0 + $1.events },
            hubEvents: files.reduce(0) { $0 + $1.hubEvents },
            textBytes: sizes.text,
            storedBytes: sizes.stored
        )
    }

    private func writeTree(_ form: CorpusForm, _ root: URL) throws -> (text: Int, stored: Int) {
        let names = files.map { root.path + "/" + $0.name.dropLast(".json".count) + form.suffix }
        for folder in Set(names.map { ($0 as NSString).deletingLastPathComponent }) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        // A file at a time and core; each core has a compressor of its own.
        let result = Mutex<Result<(text: Int, stored: Int), any Error>>(.success((0, 0)))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
            let compressor = FileCompressor()
            do {
                while case let index = next.add(1, ordering: .relaxed).oldValue, index < files.count {
                    let text = form == .jsonl ? Self.lines(files[index]) : Self.document(files[index])
                    let stored = form == .gzip ? compressor.compress(text) : text
                    try Data(stored).write(to: URL(filePath: names[index]))
                    result.withLock { total in
                        if case .success(let sum) = total {
                            total = .success((sum.text + text.count, sum.stored + stored.count))
                        }
                    }
                }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
        }
        return try result.withLock { $0 }.get()
    }

    private func writeDocument(_ root: URL) throws -> (text: Int, stored: Int) {
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let path = root.appending(path: "trail.json")
        try Data().write(to: path)
        let file = try FileHandle(forWritingTo: path)
        var size = 0
        for index in files.indices {
            var text = Self.document(files[index])
            if index > 0 { text.replaceSubrange(0..<#"{"Records":["#.utf8.count, with: ",".utf8) }
            if index < files.count - 1 { text.removeLast("]}".utf8.count) }
            try file.write(contentsOf: Data(text))
            size += text.count
        }
        try file.close()
        return (size, size)
    }

    private static func document(_ file: SyntheticFile) -> [UInt8] {
        var text = Array(#"{"Records":["#.utf8)
        file.appendRecords(separatedBy: UInt8(ascii: ","), to: &text)
        return text + Array("]}".utf8)
    }

    private static func lines(_ file: SyntheticFile) -> [UInt8] {
        var text: [UInt8] = []
        file.appendRecords(separatedBy: UInt8(ascii: "\n"), to: &text)
        return text + [UInt8(ascii: "\n")]
    }
}

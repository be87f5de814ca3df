import MHPipeIO
import MHPipeKit
import MHPipePlan

/// What tells a run from another one whose outputs would not fit together with its own.
///
/// A hash of the pipeline with the values of its variables, of mhpipe's version, and of the libraries of plugins. What does
/// not change the outputs is no part of it: comments, the number of workers, how an interrupted run ends.
struct RunIdentity {
    /// The hash, in hexadecimal digits.
    let text: String
    /// The same of the pipeline alone, whatever mhpipe and libraries run it.
    let pipeline: String

    private static let free: Set = [
        "pipeline", "workers", "state", "checkpoint_every", "on_interrupt", "metrics", "metrics_file", "manifest",
        "commit_every", "commit_events", "tests",
    ]
    /// What runs that append may have differently, beside that: it is about each run alone.
    private static let freeBetweenRuns: Set = ["changed", "on_error", "on_empty"]

    /// - Parameters:
    ///   - tree: The pipeline, with what options say in its place.
    ///   - libraries: The libraries that options name.
    /// - Throws: `StageError` when a library cannot be read, or there is no libcrypto.
    init(_ tree: ConfigNode, _ libraries: [InputPath]) throws {
        let hash = try SHA256()
        // Keys of options stand behind those of the file.
        let entries = (tree.entries ?? []).filter { !Self.free.contains($0.key) }.sorted { $0.key < $1.key }
            .map(Self.withoutWatching)
        let others = entries.filter { !Self.freeBetweenRuns.contains($0.key) }
        Self.add(ConfigNode(.mapping(others)), to: hash)
        pipeline = Hexadecimal.text(hash.finish())
        hash.update(Array("mhpipe \(Version.current)\n".utf8))
        Self.add(ConfigNode(.mapping(entries)), to: hash)
        for library in tree.libraryPaths + libraries.map(\.path) { try Self.add(library: library, to: hash) }
        text = Hexadecimal.text(hash.finish())
    }

    /// How a source comes to its files is no part of what is made of them, so that a nightly run may become a watch.
    private static func withoutWatching(_ entry: ConfigEntry) -> ConfigEntry {
        guard entry.key == "sources", let sources = entry.value.entries else { return entry }
        let others = sources.map { source in
            guard let options = source.value.entries else { return source }
            let kept = options.filter { !["watch", "poll_every"].contains($0.key) }
            return ConfigEntry(key: source.key, value: ConfigNode(.mapping(kept)))
        }
        return ConfigEntry(key: entry.key, value: ConfigNode(.mapping(others)))
    }

    /// Adds a value in such a way that no two values give the same bytes.
    private static func add(_ node: ConfigNode, to hash: SHA256) {
        func add(_ kind: String, _ text: String = "", count: Int = 0) {
            hash.update(Array("\(kind)\(count):\(text.utf8.count):\(text)".utf8))
        }
        switch node.content {
        case .null: add("n")
        case .text(let text): add("t", text)
        case .list(let elements):
            add("l", count: elements.count)
            for element in elements { Self.add(element, to: hash) }
        case .mapping(let entries):
            add("m", count: entries.count)
            for entry in entries {
                add("k", entry.key)
                Self.add(entry.value, to: hash)
            }
        }
    }

    private static func add(library: String, to hash: SHA256) throws {
        hash.update(try digest(of: library))
    }

    /// The hashes of the files that transforms read beside events, by their names; no part of what runs that append have in common.
    static func tables(of plan: PipelinePlan) throws -> [String: String] {
        var tables: [String: String] = [:]
        for transform in plan.transforms {
            let paths = transform.pathUses.compactMap { use -> String? in
                if case .inputFile(let path) = use { path } else { nil }
            }
            guard !paths.isEmpty else { continue }
            let hash = try SHA256()
            for path in paths { hash.update(try digest(of: path)) }
            tables[transform.name] = Hexadecimal.text(hash.finish())
        }
        return tables
    }

    private static func digest(of path: String) throws -> [UInt8] {
        do {
            return try FileDigest(FilePath(path)).sha256
        } catch let failure as InputFailure {
            throw StageError("\(failure)")
        }
    }
}

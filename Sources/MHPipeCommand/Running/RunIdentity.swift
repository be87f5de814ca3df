import MHPipeIO
import MHPipeKit

/// What tells a run from another one whose outputs would not fit together with its own.
///
/// A hash of the pipeline with the values of its variables, of mhpipe's version, and of the libraries of plugins. What does
/// not change the outputs is no part of it: comments, the number of workers, how an interrupted run ends.
struct RunIdentity {
    /// The hash, in hexadecimal digits.
    let text: String

    private static let free: Set = [
        "pipeline", "workers", "state", "checkpoint_every", "on_interrupt", "metrics", "metrics_file",
    ]

    /// - Parameters:
    ///   - tree: The pipeline, with what options say in its place.
    ///   - libraries: The libraries that options name.
    /// - Throws: `StageError` when a library cannot be read, or there is no libcrypto.
    init(_ tree: ConfigNode, _ libraries: [InputPath]) throws {
        let hash = try SHA256()
        hash.update(Array("mhpipe \(Version.current)\n".utf8))
        let entries = (tree.entries ?? []).filter { !Self.free.contains($0.key) }
        Self.add(ConfigNode(.mapping(entries)), to: hash)
        let named = tree["plugins"].map { $0.elements ?? [$0] } ?? []
        for library in named.compactMap(\.text) + libraries.map(\.path) { try Self.add(library: library, to: hash) }
        text = hash.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
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
        do throws(InputFailure) {
            let file = try FileInput(FilePath(library))
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                var result: Result<Int, InputFailure> = .success(0)
                unsafe buffer.withUnsafeMutableBytes { bytes in
                    do throws(InputFailure) {
                        result = .success(try unsafe file.read(into: bytes))
                    } catch {
                        result = .failure(error)
                    }
                }
                let count = try result.get()
                if count == 0 { return }
                hash.update(Array(buffer[..<count]))
            }
        } catch {
            throw StageError("\(error)")
        }
    }
}

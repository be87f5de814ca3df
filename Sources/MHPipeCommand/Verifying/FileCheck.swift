import Libc
import MHPipeIO
import MHPipeKit

/// Something that a manifest names, to be looked at.
protocol ContentCheck: Sendable {
    /// Looks at it, and reads it where that is needed to tell.
    func find() -> FileCheck.Finding
}

/// What a file is now, held against what a manifest says of it.
struct FileCheck: ContentCheck {
    /// How they compare.
    enum Finding: Sendable, Equatable {
        case same
        /// It cannot be told, since there is nothing to compare with: a pipe, or what was not read to its end.
        case untold
        /// It is not as the manifest says: one word, and what there is to say.
        case different(String, detail: String?)
    }

    let path: FilePath
    /// Of a file that runs append to, the bytes that were there before, of which nothing is said; nil for any other.
    var offset: Int?
    let bytes: Int
    /// Nil where there is nothing to compare with.
    let sha256: String?

    /// Looks at the file, and reads it where its size does not tell already.
    func find() -> Finding {
        guard let sha256 else { return .untold }
        let status: FileStatus
        do {
            status = try FileStatus(path)
        } catch {
            let isMissing = !path.exists && (errno == ENOENT || errno == ENOTDIR)
            return .different(isMissing ? "missing" : "unreadable", detail: isMissing ? nil : error.reason)
        }
        guard status.kind == .file else { return .different("changed", detail: "it is \(status.kind.name) now") }
        let end = (offset ?? 0) + bytes
        if status.size < end {
            return .different("truncated", detail: "\(status.size) of its \(Readable.count(end, "byte")) are there")
        }
        do {
            let digest = try FileDigest(path, from: offset ?? 0, first: bytes)
            let isSame = digest.bytes == bytes && Hexadecimal.text(digest.sha256) == sha256
            if let offset {
                let place = "bytes \(offset) to \(end), which the run appended, are others"
                return isSame ? .same : .different("changed", detail: place)
            }
            guard status.size == bytes else {
                let before = isSame ? "what was there is as it was" : "and what was there has changed"
                return .different("longer", detail: "\(Readable.count(status.size - bytes, "byte")) more; \(before)")
            }
            return isSame ? .same : .different("changed", detail: "as long as it was, with other bytes")
        } catch let failure as InputFailure {
            return .different("unreadable", detail: failure.reason)
        } catch {
            return .different("unreadable", detail: "\(error)")
        }
    }
}

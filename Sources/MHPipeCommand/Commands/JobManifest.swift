import MHPipeIO
import MHPipeKit

/// What a job on Spark says of the parts that it has made, in a line for each of its tasks (`docs/scale.md`).
struct JobManifest {
    static let name = "_manifest.jsonl"

    private struct Part {
        let path: String
        let bytes: Int
        /// Jobs of earlier versions do not have these.
        let sha256: String?
        let rows: Int?

        /// Nil where it does not say what it is.
        init?(_ json: JSONValue) {
            guard let path = json.text("path"), let bytes = json["bytes"]?.int else { return nil }
            (self.path, self.bytes) = (path, bytes)
            (sha256, rows) = (json.text("sha256"), json["rows"]?.int)
            // One of another kind is none that a job has written.
            guard (sha256 == nil) == (json["sha256"]?.isNull ?? true), (rows == nil) == (json["rows"]?.isNull ?? true)
            else { return nil }
        }

        /// The parts that a line names; nil where it is damaged.
        static func all(in line: [UInt8]) -> [Part]? {
            guard let list = StrictJSON.object(line)?["parts"], list.kind == .array else { return nil }
            let parts = list.elements.map(Part.init)
            return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self)
        }
    }

    private let path: FilePath
    private let job: FilePath
    /// The parts in one folder, by their names.
    private var parts: [String: Part] = [:]

    /// Reads what the job says of the parts in a folder; nil where the folder is none of a job's.
    ///
    /// - Throws: `UsageError` when it cannot be read; `InputFailure`.
    init?(ofPartsIn folder: FilePath) throws {
        guard let folder = folder.resolved else { return nil }
        job = folder.directory
        path = job.appending(Array(Self.name.utf8))
        guard path.exists else { return nil }
        let place = ByteText.text(folder.lastPart) + "/"
        let lines = try LineReader(path)
        while let line = try lines.next() {
            guard let found = Part.all(in: line) else {
                throw UsageError.refused(
                    "'\(path.text)' is damaged: one of its lines does not say what parts there are",
                    advice: ["run the job again, which writes it, and does nothing twice"]
                )
            }
            for part in found where part.path.hasPrefix(place) {
                parts[String(part.path.dropFirst(place.count))] = part
            }
        }
        guard parts.isEmpty else { return }
        // Others write files of this name as well; a job has the folder with its plan beside it.
        guard job.appending(Array("_mhpipe".utf8)).exists else { return nil }
        throw UsageError.refused(
            "'\(path.text)' names no part in '\(folder.text)'",
            advice: ["run the job again, which writes it, and does nothing twice"]
        )
    }

    /// Sees to it that a folder holds the parts of the job, and nothing else.
    func check(_ names: [[UInt8]], in folder: FilePath) throws(UsageError) -> [MergedPart] {
        let there = Set(names.map { ByteText.text($0) })
        if let missing = parts.keys.filter({ !there.contains($0) }).min() {
            throw .refused(
                "the job in '\(job.text)' has made '\(missing)', which is not in '\(folder.text)'",
                advice: ["put it back; or name the parts one by one, if all events are in them"]
            )
        }
        var found: [MergedPart] = []
        for name in names {
            guard let part = try check(folder.appending(name)) else {
                throw .refused(
                    "'\(folder.appending(name).text)' is none of the parts that the job in '\(job.text)' has made",
                    advice: ["move it to another folder"]
                )
            }
            found.append(part)
        }
        return found
    }

    /// Sees to it that a part is as the job has left it; nil for a file that is none of its parts.
    func check(_ path: FilePath) throws(UsageError) -> MergedPart? {
        guard let part = parts[ByteText.text(path.lastPart)] else { return nil }
        let size: Int
        do throws(InputFailure) {
            size = Int(try FileStatus(path).size)
        } catch {
            throw .refused("cannot read PART '\(path.text)': \(error.reason)")
        }
        guard size == part.bytes else { throw changed(path, "it has \(size) bytes, and had \(part.bytes)") }
        if case .different(let word, let detail) = FileCheck(path: path, bytes: part.bytes, sha256: part.sha256).find()
        {
            throw changed(path, detail ?? word)
        }
        return MergedPart(path, rows: part.rows, isKnown: part.sha256 != nil)
    }

    private func changed(_ path: FilePath, _ how: String) -> UsageError {
        .refused(
            "'\(path.text)' is not as the job in '\(job.text)' has left it: \(how)",
            advice: ["put it back; or remove it, and run the job again, which makes it anew"]
        )
    }
}

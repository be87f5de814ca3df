import MHPipeIO
import MHPipeKit

/// The parts that `merge` puts together, in the order in which their events come.
struct MergeParts {
    private(set) var paths: [FilePath] = []

    private static let endings = FileFormat.sqlite.endings

    /// Finds the databases: those that are named, and those in folders that are, in the order of their names.
    ///
    /// - Throws: `UsageError` for what is not there, or not whole.
    init(_ inputs: [String]) throws {
        for input in inputs {
            let path = FilePath(input)
            let status: FileStatus
            do throws(InputFailure) {
                status = try FileStatus(path)
            } catch {
                throw UsageError.missing(input, "cannot read PART '\(input)': \(error.reason)")
            }
            guard status.kind == .folder else {
                paths.append(path)
                continue
            }
            try Self.checkJob(path)
            paths += try Self.databases(in: path)
        }
    }

    private static func databases(in folder: FilePath) throws -> [FilePath] {
        var names: [[UInt8]] = []
        let stream = try FolderStream(folder)
        while let entry = try stream.next() {
            let name = unsafe Array(entry.name)
            let text = String(decoding: name, as: UTF8.self)
            guard !text.hasPrefix("."), endings.contains(where: { text.lowercased().hasSuffix($0) }) else { continue }
            names.append(name)
        }
        guard !names.isEmpty else {
            throw UsageError.refused(
                "the folder '\(folder.text)' holds no database",
                advice: ["the names of databases end in \(endings.joined(separator: ", "))"]
            )
        }
        names.sort { $0.lexicographicallyPrecedes($1) }
        try checkNumbers(names, folder)
        return names.map { folder.appending($0) }
    }

    /// Refuses numbered parts of which one is missing, since nobody would notice.
    private static func checkNumbers(_ names: [[UInt8]], _ folder: FilePath) throws(UsageError) {
        let numbers = names.map { name -> Int? in
            let text = String(decoding: name, as: UTF8.self)
            guard text.hasPrefix("part-") else { return nil }
            return Int(text.dropFirst(5).prefix { $0.isASCII && $0.isNumber })
        }
        guard !numbers.contains(nil) else { return }
        for (place, number) in numbers.enumerated() where number != place {
            throw .refused(
                "the parts in '\(folder.text)' have no number \(place): the one behind it is '\(ByteText.text(names[place]))'",
                advice: ["put the missing part back; or name the parts one by one, if all events are in them"]
            )
        }
    }

    /// Refuses the parts of a job on Spark that is not done.
    private static func checkJob(_ folder: FilePath) throws(UsageError) {
        let job = (folder.resolved ?? folder).directory
        guard job.appending(Array("_mhpipe".utf8)).exists, !job.appending(Array("_SUCCESS".utf8)).exists else { return }
        throw .refused(
            "the job in '\(job.text)' is not done: there is no '_SUCCESS' in it",
            advice: ["run the job again, which does the rest of it"]
        )
    }
}

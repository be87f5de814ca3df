import MHPipeIO
import MHPipeKit

/// The parts that `merge` puts together, in the order in which their events come.
struct MergeParts {
    private(set) var parts: [MergedPart] = []
    private var folders: [FilePath] = []

    private static let endings = FileFormat.sqlite.endings

    /// Finds the databases: those that are named, and those in folders that are, in the order of their names.
    ///
    /// - Throws: `UsageError` for what is not there, or not whole.
    init(_ inputs: [String]) throws {
        var manifests: [FilePath: JobManifest?] = [:]
        for input in inputs {
            let path = FilePath(input)
            let status: FileStatus
            do throws(InputFailure) {
                status = try FileStatus(path)
            } catch {
                throw UsageError.missing(input, "cannot read PART '\(input)': \(error.reason)")
            }
            guard status.kind == .folder else {
                let folder = path.directory
                let manifest = try manifests[folder] ?? JobManifest(ofPartsIn: folder)
                manifests.updateValue(manifest, forKey: folder)
                parts.append(try manifest?.check(path) ?? MergedPart(path))
                continue
            }
            folders.append(path)
            try Self.checkJob(path)
            let names = try Self.names(in: path)
            if let manifest = try JobManifest(ofPartsIn: path) {
                parts += try manifest.check(names, in: path)
            } else {
                try Self.checkNumbers(names, path)
                parts += names.map { MergedPart(path.appending($0)) }
            }
        }
    }

    /// Refuses an output that the next merge of a folder would take for a part.
    func refuseFolder(of output: String) throws(UsageError) {
        let place = FilePath(output).directory.resolved
        guard let place, let folder = folders.first(where: { $0.resolved == place }) else { return }
        throw .refused(
            "OUTPUT '\(output)' lies in '\(folder.text)', whose databases are the parts: the next merge would take it for one",
            advice: ["choose a name in another folder: mhpipe merge PART... all.db"]
        )
    }

    private static func names(in folder: FilePath) throws -> [[UInt8]] {
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
        return names
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
        func has(_ name: String) -> Bool { job.appending(Array(name.utf8)).exists }
        guard has("_mhpipe") else { return }
        guard has("_SUCCESS") else {
            throw .refused(
                "the job in '\(job.text)' is not done: there is no '_SUCCESS' in it",
                advice: ["run the job again, which does the rest of it"]
            )
        }
        guard !has(JobManifest.name) else { return }
        throw .refused(
            "there is no '\(JobManifest.name)' in '\(job.text)', which says what parts the job has made",
            advice: ["run the job again, which writes it, and does nothing twice"]
        )
    }
}

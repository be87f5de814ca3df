import Libc
import MHPipeKit
import MHPipeIO

/// The inputs and the output of `convert`, checked against each other and the disk.
struct ConversionPaths {
    /// Inputs that one source reads: a folder, what is in a bucket, or files that follow each other.
    struct Group: Equatable {
        enum Kind {
            case files
            case folder
            case bucket
        }

        let kind: Kind
        var paths: [String]
    }

    /// The inputs, in the order given.
    private(set) var groups: [Group] = []

    /// Looks at the paths.
    ///
    /// - Throws: `UsageError` for an input that is not there, and an output that an input would lose by.
    init(inputs: [String], output: String) throws(UsageError) {
        if inputs.count(where: { $0 == "-" }) > 1 {
            throw .refused("INPUT '-' is given more than once, but standard input can be read only once")
        }
        try Self.checkOutput(output)
        for input in inputs {
            let kind: Group.Kind =
                input.hasPrefix("s3://") ? .bucket : try Self.checkInput(input, output) ? .folder : .files
            if kind == .files, let last = groups.indices.last, groups[last].kind == .files {
                groups[last].paths.append(input)
            } else {
                groups.append(Group(kind: kind, paths: [input]))
            }
        }
    }

    /// The stages that read the inputs.
    ///
    /// - Parameter selection: The options by which each of them selects.
    /// - Returns: A stage for each group.
    func sources(_ selection: [(String, ConfigNode)]) -> [ConfigEntry] {
        groups.enumerated().map { index, group in
            let name = groups.count == 1 ? "input" : "input_\(index + 1)"
            let first = ConfigNode(.text(group.paths[0]))
            switch group.kind {
            case .files:
                let paths = ConfigNode(.list(group.paths.map { ConfigNode(.text($0)) }))
                return .stage(name, "file", [("path", paths)] + selection)
            case .folder: return .stage(name, "directory", [("path", first)] + selection)
            case .bucket: return .stage(name, "s3", [("url", first)] + selection)
            }
        }
    }

    private static func checkOutput(_ output: String) throws(UsageError) {
        guard output != "-", isFolder(output) else { return }
        let example = output.hasSuffix("/") ? output : output + "/"
        throw .refused(
            "OUTPUT '\(output)' is a folder",
            advice: ["the last argument is the file to write, for example '\(example)events.jsonl'"]
        )
    }

    private static func checkInput(_ input: String, _ output: String) throws(UsageError) -> Bool {
        guard input != "-" else { return false }
        guard let status = status(input) else {
            throw .unreadable("cannot read INPUT '\(input)'", input, errno)
        }
        guard output != "-" else { return isFolder(status) }
        if isFolder(status) {
            guard let folder = FilePath(input).resolved, let place = FilePath(output).directory.resolved else {
                return true
            }
            if place.isInside(folder) {
                throw .refused(
                    "OUTPUT '\(output)' lies inside INPUT '\(input)'",
                    advice: ["the next conversion would read it as input; write it somewhere else"]
                )
            }
            return true
        }
        if let other = Self.status(output), other.st_dev == status.st_dev, other.st_ino == status.st_ino,
            status.st_mode & S_IFMT == S_IFREG
        {
            throw .refused(
                "OUTPUT '\(output)' is also an INPUT",
                advice: ["it would be replaced; choose another name: mhpipe convert INPUT... OUTPUT"]
            )
        }
        return false
    }

    /// Refuses files that are there already, which a command without a pipeline file replaces only when it is told to.
    ///
    /// Pipes, devices and standard output are written into as they are.
    static func refuseExisting(_ files: [(name: String, path: String)]) throws(UsageError) {
        for (name, path) in files where path != "-" {
            if name == "OUTPUT", let template = try? PathTemplate(parsing: path), template.file == nil {
                try refuseExisting(template)
            }
            guard let place = try? OutputPlace(resolving: path), place.isThere else { continue }
            throw .refused(
                "\(name) '\(path)' is there already",
                advice: ["'--force' replaces it; or choose another name"]
            )
        }
    }

    private static func refuseExisting(_ template: PathTemplate) throws(UsageError) {
        guard let stream = try? FolderStream(FilePath(template.folder)), let entry = try? stream.next() else { return }
        _ = entry
        throw .refused(
            "the folder '\(template.folder)' of OUTPUT holds files already",
            advice: ["'--force' replaces those that get new ones; or choose another folder"]
        )
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe FilePath(path).withSystemPath { unsafe stat($0, &status) } == 0 ? status : nil
    }

    /// True for a folder, and for what is named as one.
    static func isFolder(_ path: String) -> Bool { status(path).map(isFolder) ?? path.hasSuffix("/") }

    private static func isFolder(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFDIR
    }
}

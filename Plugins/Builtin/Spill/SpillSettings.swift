import Libc
import MHPipeIO
import MHPipeKit

/// How much memory a transform may use, and where it puts what does not fit.
struct SpillSettings: Sendable {
    var memory = ByteSize(bytes: 256 << 20)
    var folder = SpillFolder()

    static let folderHelp = "Where temporary files are made; TMPDIR, or else /var/tmp, unless it is given."
    static let folderExample = "/mnt/scratch"
    /// The least memory that anything here can work with.
    static let leastMemory = 64 << 10

    /// Refuses too little memory, and a folder in which no file can be made.
    func check() throws(OptionError) {
        guard memory.bytes >= Self.leastMemory else {
            let least = ByteSize(bytes: Self.leastMemory).optionText
            throw OptionError(option: "memory", "needs \(least) or more, not \(memory.optionText)")
        }
        guard unsafe access(folder.path, W_OK | X_OK) != 0 else { return }
        let reason = SystemFailure.reason(errno)
        guard folder.isNamed else {
            throw OptionError("needs a folder for temporary files, and '\(folder.path)' cannot be written: \(reason)")
        }
        throw OptionError(option: "temp_folder", "'\(folder.path)' cannot be written: \(reason)")
    }
}

/// The folder for what does not fit in memory; `TMPDIR` unless something else is said, or else `/var/tmp`.
struct SpillFolder: OptionValue, Hashable {
    private var named: String?

    init() {}

    var isNamed: Bool { named != nil }

    var path: String { named ?? TemporaryFile.defaultFolder }

    static var typeName: String { "the path of a folder" }

    init(config node: ConfigNode) throws(OptionError) {
        named = try InputTree(config: node).path
    }

    var optionText: String { named ?? "" }
}

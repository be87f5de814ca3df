import MHPipeIO
import MHPipeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder for what does not fit in memory; `TMPDIR` unless something else is said, or else `/var/tmp`.
struct SpillFolder: OptionValue, Hashable {
    private var named: String?

    init() {}

    var path: String { named ?? TemporaryFile.defaultFolder }

    static var typeName: String { "the path of a folder" }

    init(config node: ConfigNode) throws(OptionError) {
        named = try InputTree(config: node).path
    }

    var optionText: String { named ?? "" }

    /// Refuses a folder in which no file can be made.
    func check(option: String) throws(OptionError) {
        guard unsafe access(path, W_OK | X_OK) != 0 else { return }
        let reason = SystemFailure.reason(errno)
        guard named != nil else {
            throw OptionError("needs a folder for temporary files, and '\(path)' cannot be written: \(reason)")
        }
        throw OptionError(option: option, "'\(path)' cannot be written: \(reason)")
    }
}

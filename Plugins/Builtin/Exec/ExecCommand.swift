import MHPipeIO
import MHPipeKit

/// A program and its arguments, with the places where they were written.
struct ExecCommand: OptionValue {
    var words: [String] = []
    private(set) var spans: [SourceSpan?] = []

    static var typeName: String { [String].typeName }

    init() {}

    init(config node: ConfigNode) throws(OptionError) {
        words = try [String](config: node)
        spans = (node.elements ?? [node]).map(\.span)
    }

    var optionText: String { words.optionText }

    /// The program, and the script where an interpreter runs one: nothing may be written in their places.
    var pathUses: [PathUse] {
        let path = ExecLaunch.environment["PATH"] ?? "/usr/bin:/bin"
        let program = words.first.flatMap { try? ProgramPath.find($0, path: path) }
        return [program, script.map { words[$0] }].compactMap(\.self).map(PathUse.program)
    }

    /// A warning of a file that an interpreter is to run and that is not there, which is all that can be said of a program
    /// without running it; its name may be a mistake, or the file may be made until the run.
    var warnings: [OptionWarning] {
        guard let index = script, !Self.exists(words[index]) else { return [] }
        let cut = words[index].lastIndex(of: "/")
        let folder = cut.map { words[index][...$0] } ?? ""
        let name = cut.map { words[index][$0...].dropFirst() } ?? words[index][...]
        let others = FolderNames.all(in: FilePath(folder.isEmpty ? "." : String(folder)))
        var warning = OptionWarning(
            option: "command",
            "'\(words[0])' is to run '\(words[index])', which does not exist",
            notes: (Suggestion.label(for: String(name), among: others.sorted()).map { [$0] } ?? [])
                + ["relative paths are taken from the folder in which mhpipe is started"]
        )
        warning.span = spans.indices.contains(index) ? spans[index] : nil
        return [warning]
    }

    /// Options that stand alone and leave the file behind them, by interpreters without their versions.
    private static let plainOptions: [String: String] = [
        "python": "bBdEiIOqsSuvx", "perl": "tTw", "ruby": "w", "node": "", "php": "", "lua": "", "Rscript": "",
        "sh": shellOptions, "bash": shellOptions, "dash": shellOptions, "ksh": shellOptions, "zsh": shellOptions,
    ]
    private static let shellOptions = "aefuvx"
    /// Programs that take the file behind an option.
    private static let takeFile: Set = ["awk", "gawk", "mawk", "jq", "sed"]

    /// The place of the file that the program is to run; nil where that is not plain.
    private var script: Int? {
        guard let program = words.first?.split(separator: "/").last else { return nil }
        let name = String(program.prefix { $0.isLetter })
        if Self.takeFile.contains(name) {
            return words.firstIndex(of: "-f").map { $0 + 1 }.flatMap { words.indices.contains($0) ? $0 : nil }
        }
        guard let options = Self.plainOptions[name] else { return nil }
        return words.indices.dropFirst()
            .first {
                words[$0].count < 2 || !words[$0].hasPrefix("-") || !words[$0].dropFirst().allSatisfy(options.contains)
            }
            .flatMap { words[$0].hasPrefix("-") ? nil : $0 }
    }

    /// True for a path, or a name in PATH, where shells look for scripts too.
    private static func exists(_ path: String) -> Bool {
        let folders = path.contains("/") ? [] : (ExecLaunch.environment["PATH"] ?? "").split(separator: ":")
        return ([path] + folders.map { "\($0)/\(path)" }).contains { FilePath($0).exists }
    }
}

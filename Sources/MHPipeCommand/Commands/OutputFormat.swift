import MHPipeKit

/// What `convert` writes; each value is the name of the sink that does.
enum OutputFormat: String, OptionChoice {
    case jsonl
    case csv
    case sqlite

    private var fileFormat: FileFormat {
        switch self {
        case .jsonl: .jsonLines
        case .csv: .csv
        case .sqlite: .sqlite
        }
    }

    private static let endings: [(String, OutputFormat)] = allCases.flatMap { format in
        format.fileFormat.endings.flatMap { ending in
            [(ending, format)]
                + (format.fileFormat.isText ? [(ending + ".gz", format), (ending + ".zst", format)] : [])
        }
    }

    /// Tells the format by an output's name.
    ///
    /// `.json` is none: JSON lines are no JSON document, and the last of many inputs is never taken for an output.
    ///
    /// - Throws: `UsageError` for a name that does not tell.
    init(nameOf output: String) throws(UsageError) {
        if output == "-" {
            self = .jsonl
            return
        }
        let name = output.lowercased()
        guard let match = Self.endings.first(where: { name.hasSuffix($0.0) }) else {
            // `x.csv.bz2` says what is meant, though not what will be.
            let meant = Self.endings.first { name.contains($0.0) }?.1 ?? .jsonl
            let mistake = OutputName(output).mistake(for: meant.fileFormat, isCompressed: meant.fileFormat.isText)
            if let mistake, mistake.severity == .error { throw .refused(mistake) }
            let isInput = [".json", ".json.gz"].contains { name.hasSuffix($0) }
            throw UsageError(
                "cannot tell the format of OUTPUT '\(output)' by its name",
                advice: [
                    "it ends in none of " + Self.endings.map(\.0).joined(separator: ", "),
                    isInput
                        ? "the last argument is the output, and JSON lines end in .jsonl: mhpipe convert INPUT... OUTPUT"
                        : "say '--to jsonl', '--to csv' or '--to sqlite', or choose another name",
                ]
            )
        }
        self = match.1
    }
}

/// Field paths with commas between them, as one argument.
struct ColumnList: OptionValue, Hashable {
    let paths: [String]

    static var typeName: String { "field paths with commas between them" }

    /// Splits at the commas that are not in quotes; the paths themselves are checked by the sink's options.
    init(config node: ConfigNode) throws(OptionError) {
        var paths = [""]
        var isQuoted = false
        var isEscaped = false
        for character in node.text ?? "" {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                paths.append("")
                continue
            }
            paths[paths.count - 1].append(character)
        }
        paths = paths.map { $0[...].trimmed }
        guard !paths.contains("") else { throw OptionError("needs \(Self.typeName), not \(node.shown)") }
        self.paths = paths
    }

    var optionText: String { paths.joined(separator: ",") }
}

/// A part of a path that stands for many: `*`, `{account}`, `%Y`.
struct PatternMark {
    let range: Range<String.Index>

    init?(in path: String, for purpose: PathMistake.Purpose) {
        var start = path.startIndex
        while start < path.endIndex {
            let length = Self.length(path[start...])
            let next = path.index(start, offsetBy: length ?? 1)
            // The fields of a template are replaced.
            if length != nil, purpose != .outputFiles || path[start] != "{" {
                range = start..<next
                return
            }
            start = next
        }
        return nil
    }

    func mistake(in path: String, for purpose: PathMistake.Purpose, isArgument: Bool) -> Diagnostic {
        let mark = path[range]
        if mark.hasPrefix("%") {
            return Diagnostic(
                "'\(mark)' in '\(path)' is not replaced",
                label: purpose == .outputFiles ? "for the day of an event write {eventTime:%Y-%m-%d}" : nil,
                notes: ["give the date from outside: write ${DAY} in its place, and --set DAY=\"$(date +%F)\""]
            )
        }
        guard purpose == .input else {
            return Diagnostic(
                "'\(mark)' in '\(path)' is not replaced: an output is one file",
                notes: ["for several files, write several sinks, each behind a filter of its own"]
            )
        }
        return Diagnostic(
            "'\(path)' is a pattern, and a path is that of one file or folder",
            notes: [
                isArgument
                    ? "shells replace it where a file matches and it is not in quotes; a folder is read with all below it"
                    : "source 'directory' reads a folder, and its option 'include' takes patterns"
            ]
        )
    }

    /// The length of what a text begins with.
    private static func length(_ text: Substring) -> Int? {
        switch text.first {
        case "*":
            return 1
        case "{":
            guard let end = text.firstIndex(where: { "}/".contains($0) }), text[end] == "}" else { return nil }
            let count = text.distance(from: text.startIndex, to: end)
            return count > 1 ? count + 1 : nil
        case "%":
            // As strftime has them; what goes on like a hexadecimal number may be a part of a URL.
            guard let letter = text.dropFirst().first, "YmdHMSFjys".contains(letter) else { return nil }
            return text.dropFirst(2).first?.isHexDigit == true ? nil : 2
        default:
            return nil
        }
    }
}

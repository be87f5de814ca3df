public import MHPipeKit

/// Shows diagnostics as people read them: what is wrong, where, the line with carets below it, and what to do.
///
/// ```
/// error: source 'directory' has no option 'pth'
///   --> audit.conf:5:3
///    |
///  5 |   pth: ./logs
///    |   ^^^ did you mean 'path'?
///    = directory takes: path, include, exclude
/// ```
public struct DiagnosticPrinter: Sendable {
    private let source: SourceText?
    private let isColored: Bool

    /// Makes a printer for the diagnostics of one file.
    ///
    /// - Parameters:
    ///   - source: The file, whose name and lines are shown; without it spans are not.
    ///   - isColored: True to colour the parts; the caller knows whether there is a terminal and what `NO_COLOR` says.
    public init(source: SourceText? = nil, isColored: Bool = false) {
        self.source = source
        self.isColored = isColored
    }

    /// Shows all of them, with an empty line between.
    ///
    /// - Parameter diagnostics: What to show.
    /// - Returns: Lines, the last with its end; empty for no diagnostics.
    public func page(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(text).joined(separator: "\n")
    }

    /// Shows one.
    ///
    /// - Parameter diagnostic: What to show.
    /// - Returns: Lines, the last with its end.
    public func text(_ diagnostic: Diagnostic) -> String {
        let severity = style(diagnostic.severity.rawValue + ":", .severity(diagnostic.severity))
        var lines = ["\(severity) \(style(diagnostic.message.visible, .message))"]
        var gutter = ""
        if let source, let span = diagnostic.span {
            gutter = String(repeating: " ", count: max(2, String(span.line).count))
            lines.append("\(gutter)\(style("-->", .frame)) \(source.name.visible):\(span.line):\(span.column)")
            if source.lines.indices.contains(span.line - 1) {
                lines += excerpt(source.lines[span.line - 1], diagnostic, span, gutter)
            } else if let label = diagnostic.label {
                lines.append("\(gutter) \(style("=", .frame)) \(label.visible)")
            }
        } else {
            gutter = "  "
            if let label = diagnostic.label { lines.append("\(gutter) \(style("=", .frame)) \(label.visible)") }
        }
        lines += diagnostic.notes.map { "\(gutter) \(style("=", .frame)) \($0.visible)" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Counts errors and warnings for the last line of a report.
    ///
    /// - Parameter diagnostics: What was shown.
    /// - Returns: For example `2 errors, 1 warning`; empty for none.
    public static func count(_ diagnostics: [Diagnostic]) -> String {
        [Diagnostic.Severity.error, .warning].compactMap { severity in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }

    private func excerpt(
        _ line: Substring,
        _ diagnostic: Diagnostic,
        _ span: SourceSpan,
        _ gutter: String
    ) -> [String] {
        let excerpt = Excerpt(line, marking: span)
        let number = String(repeating: " ", count: gutter.count - String(span.line).count) + String(span.line)
        let marks = String(repeating: "^", count: excerpt.carets) + (diagnostic.label.map { " " + $0.visible } ?? "")
        let marked = String(repeating: " ", count: excerpt.indent) + style(marks, .severity(diagnostic.severity))
        let bar = style("|", .frame)
        return [
            "\(gutter) \(bar)",
            excerpt.text.isEmpty
                ? "\(style(number, .frame)) \(bar)" : "\(style(number, .frame)) \(bar) \(excerpt.text)",
            "\(gutter) \(bar) \(marked)",
        ]
    }

    private enum Part {
        case severity(Diagnostic.Severity)
        case message
        case frame
    }

    private func style(_ text: String, _ part: Part) -> String {
        guard isColored else { return text }
        let code =
            switch part {
            case .severity(.error): "1;31"
            case .severity(.warning): "1;33"
            case .message: "1"
            case .frame: "34"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

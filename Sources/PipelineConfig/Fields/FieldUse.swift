import MHPipeKit

/// A field path in an option of a stage, and where it was written.
struct FieldUse {
    let path: FieldPath
    /// Where the path stands.
    let span: SourceSpan?
    /// True for a path of a condition, of a template, or of what is to be hidden: a name that is nearly another one keeps a
    /// pipeline from running, since a condition that is false for want of a field is no different from one that is false,
    /// files are named by it, and what is not hidden gets out.
    let isStrict: Bool
    /// True for a path of a condition, which is written in another way.
    let isInCondition: Bool
    /// Where each of its keys stands.
    private let keySpans: [SourceSpan]

    /// Finds paths in what was written for an option.
    ///
    /// - Parameters:
    ///   - paths: The paths.
    ///   - entry: The option.
    ///   - isTemplate: True when they stand in braces in a larger text.
    ///   - isHidden: True when the fields are named to be hidden.
    /// - Returns: The uses, in the order of the paths.
    static func uses(
        of paths: [FieldPath],
        in entry: ConfigEntry,
        isTemplate: Bool,
        isHidden: Bool
    ) -> [FieldUse] {
        guard !paths.isEmpty else { return [] }
        let keys = (entry.value.entries ?? []).map { ConfigNode(.text($0.key), span: $0.keySpan) }
        let written = (entry.value.scalars + keys).map { ($0, $0.text.flatMap { try? FieldPath(parsing: $0) }) }
        return paths.map { path in
            let node = written.first { $0.1 == path }?.0
            return FieldUse(path, at: node, in: entry, isTemplate: isTemplate, isStrict: isTemplate || isHidden)
        }
    }

    private init(
        _ path: FieldPath,
        at node: ConfigNode?,
        in entry: ConfigEntry,
        isTemplate: Bool,
        isStrict: Bool
    ) {
        self.path = path
        self.isStrict = isStrict
        isInCondition = false
        let part = isTemplate ? Self.span(of: path.text, in: entry.value) : nil
        span = part ?? node?.span ?? entry.value.span ?? entry.keySpan
        keySpans = isTemplate ? [] : node.map(Self.keySpans) ?? []
    }

    private static func span(of path: String, in node: ConfigNode) -> SourceSpan? {
        guard let text = node.text, let brace = text.firstRange(of: "{" + path) else { return nil }
        let end = text.utf8.distance(from: text.startIndex, to: brace.upperBound)
        return node.span(ofBytes: end - path.utf8.count..<end)
    }

    /// Takes a path whose place is known.
    init(_ field: WrittenField) {
        path = field.path
        isStrict = true
        isInCondition = true
        span = field.span
        keySpans = field.keySpans
    }

    /// Where one key stands, or else the whole path.
    func span(ofKey depth: Int) -> SourceSpan? {
        keySpans.indices.contains(depth) ? keySpans[depth] : span
    }

    /// A path as it is written where this one is.
    func text(of keys: [String]) -> String {
        let path = FieldPath(keys: keys)
        return isInCondition ? path.conditionText : path.text
    }

    private static func keySpans(_ node: ConfigNode) -> [SourceSpan] {
        guard node.span != nil, let text = node.text, let parts = try? FieldPath.parts(of: text) else { return [] }
        return parts.compactMap { part in
            let start = text.prefix(part.characters.lowerBound).utf8.count
            return node.span(ofBytes: start..<text.prefix(part.characters.upperBound).utf8.count)
        }
    }
}

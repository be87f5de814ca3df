/// Reads patterns; braces become patterns of their own.
struct GlobParser {
    /// More than anyone writes, and few enough to try each.
    private static let mostAlternatives = 256

    private var rest: Substring.UnicodeScalarView

    /// The patterns that a pattern with braces stands for.
    ///
    /// - Parameter pattern: The pattern.
    /// - Returns: The steps of each, with a star for every `*`.
    /// - Throws: `GlobError` when it is none.
    static func alternatives(_ pattern: Substring) throws(GlobError) -> [[GlobToken]] {
        var parser = GlobParser(rest: pattern.unicodeScalars)
        return try parser.sequences(inBraces: false)
    }

    /// Makes one step of the stars that belong together.
    ///
    /// - Parameter tokens: Steps with a star for every `*`.
    /// - Returns: The steps, with `**` between slashes as `folders` or `below`.
    static func joiningStars(_ tokens: [GlobToken]) -> [GlobToken] {
        let slash = GlobToken.byte(UInt8(ascii: "/"))
        var joined: [GlobToken] = []
        var index = 0
        while index < tokens.count {
            let run = tokens[index...].prefix { $0 == .star }.count
            let isName = index == 0 || tokens[index - 1] == slash
            let end = index + run
            if run >= 2, isName, end == tokens.count {
                joined.append(.below)
                index = end
            } else if run >= 2, isName, tokens[end] == slash {
                joined.append(.folders)
                index = end + 1
            } else {
                joined.append(tokens[index])
                index += max(run, 1)
            }
        }
        return joined
    }

    /// Reads up to the end, or, in braces, up to the comma or brace that ends an alternative.
    private mutating func sequences(inBraces: Bool) throws(GlobError) -> [[GlobToken]] {
        var sequences: [[GlobToken]] = [[]]
        while let scalar = rest.first {
            if inBraces, scalar == "," || scalar == "}" { return sequences }
            rest.removeFirst()
            let choices: [[GlobToken]]
            switch scalar {
            case "*": choices = [[.star]]
            case "?": choices = [[.character]]
            case "[": choices = [[try set()]]
            case "{": choices = try braces()
            case "}": throw GlobError("its '}' has no '{' before it")
            case "\\":
                guard let escaped = rest.popFirst() else { throw GlobError("it ends with a backslash") }
                choices = [literal(escaped)]
            default: choices = [literal(scalar)]
            }
            guard sequences.count * choices.count <= Self.mostAlternatives else {
                throw GlobError("its braces stand for more than \(Self.mostAlternatives) patterns")
            }
            sequences = sequences.flatMap { sequence in choices.map { sequence + $0 } }
        }
        guard !inBraces else { throw GlobError("its '{' is not closed") }
        return sequences
    }

    private mutating func braces() throws(GlobError) -> [[GlobToken]] {
        var choices: [[GlobToken]] = []
        while true {
            choices += try sequences(inBraces: true)
            if rest.popFirst() == "}" { return choices }
        }
    }

    private mutating func set() throws(GlobError) -> GlobToken {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        while let first = rest.popFirst() {
            if first == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            let low = first == "\\" ? rest.popFirst() ?? first : first
            var high = low
            if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                rest.removeFirst(2)
                high = end == "\\" ? rest.popFirst() ?? end : end
            }
            guard low <= high else { throw GlobError("its range '\(low)-\(high)' runs backwards") }
            ranges.append(low.value...high.value)
        }
        throw GlobError("its '[' is not closed")
    }

    private func literal(_ scalar: Unicode.Scalar) -> [GlobToken] {
        UTF8.encode(scalar).map { $0.map(GlobToken.byte) } ?? []
    }
}

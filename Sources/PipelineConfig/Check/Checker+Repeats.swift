import MHPipeKit

extension Checker {
    /// Warns of inputs that are read twice, as far as that shows without a walk through folders.
    ///
    /// What further options of a source leave out is not known here, so a source that has any counts for its own path
    /// only, and the run tells the rest.
    mutating func warnAboutRepeatedInputs() {
        guard isGraphKnown else { return }
        var earlier: [RepeatableInput] = []
        for (index, stage) in stages.enumerated() where stage.kind == .source {
            for place in stage.paths {
                guard let input = RepeatableInput(place, of: index, isNarrowed: stage.isNarrowed) else { continue }
                if let other = earlier.first(where: { input.repeats($0) && meet(input.stage, $0.stage) }) {
                    report(input.warning(beside: other))
                }
                earlier.append(input)
            }
        }
    }

    /// True when events of two sources may reach the same sink.
    private func meet(_ source: Int, _ other: Int) -> Bool {
        !sinks(behind: source).isDisjoint(with: sinks(behind: other))
    }

    /// The sinks that a stage's events may reach.
    private func sinks(behind stage: Int) -> Set<Int> {
        var known: Set<Int> = []
        var open = [stage]
        while let next = open.popLast() {
            guard known.insert(next).inserted else { continue }
            open += stages.indices.filter { stages[$0].resolvedInputs.contains(next) }
        }
        return known.filter { stages[$0].kind == .sink }
    }
}

/// A path that is read, and what is there.
private struct RepeatableInput {
    /// The place of the source that reads it.
    let stage: Int
    private let place: PathPlace
    private let isTree: Bool
    private let isNarrowed: Bool
    private let path: CanonicalPath
    private let identity: FileIdentity

    /// Nil for an output, and for what is not there yet.
    init?(_ place: PathPlace, of stage: Int, isNarrowed: Bool) {
        switch place.use {
        case .inputFile: isTree = false
        case .inputTree: isTree = true
        case .program, .output, .outputTree, .outputFiles: return nil
        }
        guard let identity = CanonicalPath.identity(place.path) else { return nil }
        self.stage = stage
        self.place = place
        self.isNarrowed = isNarrowed
        path = CanonicalPath(place.path, isOutput: false)
        self.identity = identity
    }

    func repeats(_ other: RepeatableInput) -> Bool {
        if isTree == other.isTree, identity == other.identity { return !isTree || !(isNarrowed && other.isNarrowed) }
        return lies(in: other) || other.lies(in: self)
    }

    private func lies(in tree: RepeatableInput) -> Bool {
        tree.isTree && !tree.isNarrowed && path.isInside(tree.path)
    }

    func warning(beside other: RepeatableInput) -> Diagnostic {
        let line = other.place.span.map { " (line \($0.line))" } ?? ""
        let relation = identity == other.identity ? "is" : lies(in: other) ? "lies in" : "holds"
        return Diagnostic(
            "'\(place.path)' \(relation) '\(other.place.path)', which \(other.place.user) reads\(line)",
            severity: .warning,
            at: place.span,
            notes: ["a file that both read is read twice, and its events count twice"]
        )
    }
}

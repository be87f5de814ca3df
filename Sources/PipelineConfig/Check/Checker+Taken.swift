import MHPipeKit

/// What is said of fields that are taken out above a stage that reads them unasked.
extension Checker {
    mutating func warnOfTaken() {
        guard isGraphKnown else { return }
        for index in stages.indices where !stages[index].reads.isEmpty {
            // Of those that options name, more is said where they stand.
            let named = stages[index].fieldUses.map(\.path)
            let reads = stages[index].reads.filter { !named.contains($0) }
            for above in stages.indices where isBelow(index, above) {
                guard let shape = stages[above].shape else { continue }
                let taken = reads.filter(shape.takesOut).map { "'\($0.text)'" }
                guard let last = taken.last else { continue }
                let list = taken.count == 1 ? last : taken.dropLast().joined(separator: ", ") + " and " + last
                let line = stages[above].nameSpan.map { " on line \($0.line)" } ?? ""
                report(
                    Diagnostic(
                        "\(stages[index].shown) reads \(list), of which \(stages[above].shown)\(line) takes something away",
                        severity: .warning,
                        at: stages[index].nameSpan,
                        notes: ["move '\(stages[above].name)' below '\(stages[index].name)'"]
                    )
                )
            }
        }
    }
}

extension FieldShape {
    /// True when something of a field, or all of it, has another place or none behind the stage.
    fileprivate func takesOut(_ path: FieldPath) -> Bool {
        func meets(_ other: FieldPath) -> Bool {
            other.keys.starts(with: path.keys) || path.keys.starts(with: other.keys)
        }
        if let kept, !kept.contains(where: { path.keys.starts(with: $0.keys) }) { return true }
        return changes.contains { change in
            switch change {
            case .removed(let other), .renamed(let other, _): meets(other)
            case .opened: false
            }
        }
    }
}

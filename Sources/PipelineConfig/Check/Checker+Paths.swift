import MHPipeKit

extension Checker {
    /// Checks that nothing is written over or into what is read, and nothing twice.
    mutating func checkPaths() {
        let places = stages.flatMap(\.paths) + libraries + (quarantine.map { [$0] } ?? [])
        var inputs: [(place: PathPlace, path: CanonicalPath)] = []
        var outputs: [(place: PathPlace, path: CanonicalPath)] = []
        for place in places.filter({ checkPlace($0) }) + files.map(\.place) {
            switch place.use {
            case .inputFile, .inputTree, .program:
                inputs.append((place, CanonicalPath(place.path, isOutput: false)))
            case .output, .outputTree: outputs.append((place, CanonicalPath(place.path, isOutput: true)))
            }
        }
        for (index, output) in outputs.enumerated() {
            if let first = outputs[..<index].first(where: { output.path.isSameOutput(as: $0.path) }) {
                reportSharedOutput(output.place, first.place)
            }
            for input in inputs { checkOutput(output, input) }
        }
    }

    private mutating func reportSharedOutput(_ place: PathPlace, _ first: PathPlace) {
        let what = place.path == "-" || first.path == "-" ? "standard output" : "the same file"
        let line = first.span.map { " (line \($0.line))" } ?? ""
        report(
            Diagnostic(
                "\(place.user) writes \(what) as \(first.user)\(line): '\(place.path)'",
                at: place.span,
                notes: ["each sink needs a destination of its own"]
            )
        )
    }

    private mutating func checkOutput(
        _ output: (place: PathPlace, path: CanonicalPath),
        _ input: (place: PathPlace, path: CanonicalPath)
    ) {
        if case .inputTree = input.place.use, output.path.isInside(input.path) {
            report(
                Diagnostic(
                    "\(output.place.user) writes into the folder that \(input.place.user) reads",
                    at: output.place.span,
                    notes: [
                        "'\(output.place.path)' is inside '\(input.place.path)'; the next run would read it as input"
                    ]
                )
            )
        } else if input.path.isReplaced(by: output.path) {
            let names = Set([output.place.path, input.place.path])
            report(
                Diagnostic(
                    "\(output.place.user) would overwrite \(input.place.overwritten)",
                    at: output.place.span,
                    notes: names.count == 1
                        ? [] : ["'\(output.place.path)' and '\(input.place.path)' are the same file"]
                )
            )
        }
    }
}

import MHPipeKit

extension Checker {
    /// Checks that nothing is written over or into what is read, and nothing twice.
    mutating func checkPaths() {
        let places = stages.flatMap(\.paths) + (quarantine.map { [$0] } ?? [])
        var inputs: [(place: PathPlace, path: CanonicalPath)] = []
        var outputs: [(place: PathPlace, path: CanonicalPath)] = []
        for place in places where checkPlace(place) {
            switch place.use {
            case .inputFile, .inputTree: inputs.append((place, CanonicalPath(place.path)))
            case .output, .outputTree: outputs.append((place, CanonicalPath(place.path)))
            }
        }
        var taken: [CanonicalPath: PathPlace] = [:]
        for output in outputs {
            if let first = taken[output.path] {
                reportSharedOutput(output.place, first)
            } else {
                taken[output.path] = output.place
            }
            guard output.place.path != "-" else { continue }
            for input in inputs { checkOutput(output, input) }
        }
    }

    private mutating func reportSharedOutput(_ place: PathPlace, _ first: PathPlace) {
        let what = place.path == "-" ? "standard output" : "the same file"
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
        } else if output.path == input.path {
            report(
                Diagnostic(
                    "\(output.place.user) would overwrite the file that \(input.place.user) reads",
                    at: output.place.span
                )
            )
        }
    }
}

import MHPipeKit

extension Checker {
    /// Checks that nothing is written over or into what is read, and nothing twice.
    mutating func checkPaths() {
        let places =
            stages.flatMap(\.paths) + libraries + [quarantine, manifest, metricsFile, state].compactMap(\.self)
        var inputs: [Located] = []
        var outputs: [Located] = []
        for place in places.filter({ checkPlace($0) }) + files.map(\.place) {
            switch place.use {
            case .inputFile, .inputTree, .program:
                inputs.append((place, CanonicalPath(place.path, isOutput: false)))
            case .output, .outputTree: outputs.append((place, CanonicalPath(place.path, isOutput: true)))
            case .outputFiles(let template): outputs.append((place, CanonicalPath(template.folder, isOutput: true)))
            }
        }
        inputs += stages.compactMap(\.bucket).map { ($0, CanonicalPath($0.path, isOutput: true)) }
        for (index, output) in outputs.enumerated() {
            if let first = outputs[..<index].first(where: { Self.areShared(output, $0) }) {
                reportSharedOutput(output.place, first.place)
            }
            for input in inputs { checkOutput(output, input) }
        }
        checkFit(inputs, outputs)
    }

    /// A path, and where it leads.
    typealias Located = (place: PathPlace, path: CanonicalPath)

    /// True for outputs of which one may take the place of the other.
    private static func areShared(_ output: Located, _ other: Located) -> Bool {
        switch (output.place.files, other.place.files) {
        case (nil, nil): output.path.isSameOutput(as: other.path)
        case (let files?, let others?): files.mayMeet(others)
        case (let files?, nil): files.mayBe(other.path)
        case (nil, let files?): files.mayBe(output.path)
        }
    }

    private mutating func reportSharedOutput(_ place: PathPlace, _ first: PathPlace) {
        let mayBe = place.files != nil || first.files != nil
        let what = place.path == "-" || first.path == "-" ? "standard output" : "the same file"
        let line = first.span.map { " (line \($0.line))" } ?? ""
        report(
            Diagnostic(
                "\(place.user) \(mayBe ? "may write" : "writes") \(what) as \(first.user)\(line): '\(place.path)'",
                at: place.span,
                notes: ["each sink needs a destination of its own"]
            )
        )
    }

    private mutating func checkOutput(_ output: Located, _ input: Located) {
        let isTree = if case .inputTree = input.place.use { true } else { false }
        if isTree, output.path.isInside(input.path) {
            report(
                Diagnostic(
                    "\(output.place.user) writes into the folder that \(input.place.user) reads",
                    at: output.place.span,
                    notes: [
                        "'\(output.place.path)' is inside '\(input.place.path)'; the next run would read it as input"
                    ]
                )
            )
        } else if let files = output.place.files, files.mayBe(input.path, isTree: isTree) {
            let what = isTree ? "into the folder that \(input.place.user) reads" : "over \(input.place.overwritten)"
            report(
                Diagnostic(
                    "\(output.place.user) may write \(what)",
                    at: output.place.span,
                    notes: ["whatever its fields hold must not lead there; begin the template with a folder of its own"]
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

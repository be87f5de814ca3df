import MHPipeKit

extension Checker {
    /// Reports what is wrong with a path by itself, whatever other paths there are.
    ///
    /// - Returns: False after a mistake that leaves nothing more to say of the path.
    mutating func checkPlace(_ place: PathPlace) -> Bool {
        guard place.path != "-" else { return true }
        // What can be said of a program its stage says, or the loading of the library.
        if case .program = place.use { return true }
        guard !reportMistake(place) else { return false }
        warnAboutBlanks(place)
        switch place.use {
        // Other stages read their files while they are made, and say themselves what is wrong.
        case .inputFile, .inputTree: if place.kind == .source { checkInput(place) }
        case .output: checkOutput(place)
        case .outputFiles(let template): checkFiles(place, template)
        case .outputTree where place.user == Self.stateUser: return checkStateFolder(place)
        case .outputTree, .program: break
        }
        return true
    }

    /// Reports a path that was surely meant otherwise; true when it was.
    mutating func reportMistake(_ place: PathPlace) -> Bool {
        let mistake = PathMistake(
            in: place.path,
            for: place.purpose,
            isArgument: place.span == nil,
            mayBeObject: place.mayBeObject
        )
        guard let mistake,
            mistake.literalPath.map(CanonicalPath.exists) != true
        else { return false }
        report(mistake.diagnostic, at: place)
        return true
    }

    /// Warns of a path that begins or ends with white space, which is hard to see and hardly ever meant.
    private mutating func warnAboutBlanks(_ place: PathPlace) {
        let name = place.path
        let isBlank = [(name.first, "begins"), (name.last, "ends")].first { $0.0?.isWhitespace == true }
        guard let isBlank, !CanonicalPath.exists(name) else { return }
        let meant = String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        report(
            Diagnostic(
                "the path '\(name)' \(isBlank.1) with white space, which is part of the name",
                severity: .warning,
                label: meant.isEmpty ? nil : "did you mean '\(meant)'?"
            ),
            at: place
        )
    }

    private mutating func checkOutput(_ place: PathPlace) {
        if let format = place.format,
            let mistake = OutputName(place.path).mistake(for: format, isCompressed: place.isCompressible)
        {
            report(mistake, at: place)
        }
        guard !place.isObject else { return }
        let needsRegularFile = place.format.map { !$0.isText } ?? false
        if let obstacle = outputs.obstacle(place.path, needsRegularFile: needsRegularFile),
            !obstacle.isFolder || place.format != nil || place.kind == nil
        {
            let folder = place.path.lastIndex(of: "/").map { String(place.path[..<$0]) }
            let notes = obstacle.isFolder ? [] : folder.map(StartFolder.notes) ?? []
            report(obstacle, notes: notes, at: place)
        }
    }

    private mutating func checkFiles(_ place: PathPlace, _ template: PathTemplate) {
        if let format = place.format,
            let mistake = OutputName(place.path).mistake(for: format, isCompressed: place.isCompressible)
        {
            report(mistake, at: place)
        }
        guard !place.isObject else { return }
        // What the folder is made of shows when a file of it is asked for.
        let folder = template.folder
        if var obstacle = obstacle(".files", in: folder) {
            obstacle.message = obstacle.message.replacing("'\(folder)/.files'", with: "'\(folder)'")
            report(obstacle, at: place)
        }
    }

    /// What keeps a file from being written in a folder that is made when it is not there.
    ///
    /// Whether it is there is asked once, of what knows why when nobody can tell.
    func obstacle(_ name: String, in folder: String) -> OutputInspector.Obstacle? {
        let obstacle = outputs.obstacle(folder, needsRegularFile: false)
        // A file stands in the way of what is asked for below it.
        guard obstacle.map(\.isFolder) ?? (CanonicalPath.isFolder(folder) == false) else { return obstacle }
        return outputs.obstacle("\(folder)/\(name)", needsRegularFile: false)
    }

    private mutating func checkInput(_ place: PathPlace) {
        guard let isFolder = CanonicalPath.isFolder(place.path) else {
            if let reason = CanonicalPath.obstacle(place.path) {
                return report(Diagnostic("cannot look at '\(place.path)': \(reason)", severity: .warning), at: place)
            }
            let notes = StartFolder.notes(for: place.path)
            let more = place.isWatched ? ", and a watch begins only where its folder is" : ""
            let message = "there is no '\(place.path)' yet\(more)"
            return report(Diagnostic(message, severity: .warning, notes: notes), at: place)
        }
        let wantsFolder = place.use == .inputTree(place.path)
        if isFolder != wantsFolder {
            let (there, wanted) = isFolder ? ("a folder", "a file") : ("a file", "a folder")
            let plugin = isFolder ? "directory" : "file"
            let reader = isFolder ? "the files below a folder" : "a file"
            let isKnown = place.kind == .source && isPlugin(plugin, .source)
            report(
                Diagnostic(
                    "'\(place.path)' is \(there), and \(place.user) reads \(wanted)",
                    notes: isKnown ? ["source '\(plugin)' reads \(reader)"] : []
                ),
                at: place
            )
        } else if let number = CanonicalPath.unreadable(place.path) {
            let reason = SystemFailure.reason(number)
            // A run goes on past a file that it cannot read, and says so.
            var finding = Diagnostic(
                "cannot read '\(place.path)': \(reason)",
                severity: isFolder ? .error : .warning
            )
            finding.isMachineFault = MachineFault.isOne(number)
            report(finding, at: place)
        }
    }

    mutating func report(_ obstacle: OutputInspector.Obstacle, notes: [String] = [], at place: PathPlace) {
        var mistake = Diagnostic(obstacle.message, notes: obstacle.notes + notes)
        mistake.isMachineFault = obstacle.isMachineFault
        report(mistake, at: place)
    }

    mutating func report(_ diagnostic: Diagnostic, at place: PathPlace) {
        var diagnostic = diagnostic
        diagnostic.span = place.span
        report(diagnostic)
    }
}

extension PathPlace {
    fileprivate var purpose: PathMistake.Purpose {
        switch use {
        case .inputFile, .inputTree, .program: .input
        case .outputFiles: .outputFiles
        // Plugins may write elsewhere than to files.
        case .output, .outputTree: format == nil && kind != nil ? .otherOutput : .outputFile
        }
    }
}

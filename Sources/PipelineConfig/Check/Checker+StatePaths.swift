import MHPipeKit
import MHPipePlan

extension Checker {
    static let stateUser = "the state"

    /// Takes note of the folder of the state.
    mutating func addState(_ entries: [ConfigEntry]) {
        guard let path = settings.state?.path, let entry = entries.first(where: { $0.key == "state" }),
            !isDamaged(entry.keySpan.map { $0.line...$0.line })
        else { return }
        state = PathPlace(use: .outputTree(path), user: Self.stateUser, span: entry.value.span ?? entry.keySpan)
        guard path == "-" else { return }
        report(
            Diagnostic(
                "the state cannot go to standard output",
                at: state?.span,
                notes: ["it is a folder, which is made when it is not there"]
            )
        )
        state = nil
    }

    /// Reports what keeps the state from being kept in its folder; false when something does.
    mutating func checkStateFolder(_ place: PathPlace) -> Bool {
        let isFolder = CanonicalPath.isFolder(place.path)
        guard isFolder != false else {
            report(
                Diagnostic(
                    "'\(place.path)' is a file, and the state is kept in a folder",
                    notes: ["name a folder; it is made when it is not there"]
                ),
                at: place
            )
            return false
        }
        guard let obstacle = obstacle("lock", in: place.path) else { return true }
        let folder = place.path.lastIndex(of: "/").map { String(place.path[..<$0]) }
        report(obstacle, notes: folder.map(StartFolder.notes) ?? [], at: place)
        return false
    }

    /// Reports what a run with a state can neither read again nor take back, and with `mode: append` what it may not add to.
    mutating func checkFit(_ inputs: [Located], _ outputs: [Located]) {
        guard let state else { return }
        for (place, path) in inputs where place.kind == .source && place.path != "-" {
            guard case .inputFile = place.use, CanonicalPath.isFolder(place.path) != true, !path.isFile else {
                continue
            }
            report(
                Diagnostic(
                    "'\(place.path)' cannot be read a second time, as a pipeline with 'state' may have to",
                    notes: ["read files, or leave out the state"]
                ),
                at: place
            )
        }
        let isFirst =
            settings.mode == .append
            && ![StateSettings.checkpointName, StateSettings.committedName].contains {
                CanonicalPath.mayExist("\(state.path)/\($0)")
            }
        for (place, _) in outputs where place.isObject && settings.mode == .append {
            report(
                Diagnostic(
                    "an object cannot be appended to, as 'mode: append' does: '\(place.path)'",
                    notes: [
                        "write an object of its own each night, without the mode: with ${DAY} in the path, `since` and `until`, "
                            + "and --set DAY=2026-05-31"
                    ]
                ),
                at: place
            )
        }
        for (place, path) in outputs where place.kind == .sink || place.user == quarantine?.user {
            guard !place.isObject else { continue }
            guard case .output(let name) = place.use, place.kind != .sink || canGoOn(place) else { continue }
            if !path.isFile, name == "-" || CanonicalPath.isFolder(name) != true {
                report(
                    Diagnostic(
                        "what goes to a pipe or a device, such as '\(name)', cannot be taken back, and a run that keeps its state may have to",
                        notes: ["write to a file, or leave out the state"]
                    ),
                    at: place
                )
            } else if isFirst, Self.holdsSomething(name) {
                report(
                    Diagnostic(
                        "'\(name)' is there already, and no run whose state is in '\(state.path)' has written it",
                        notes: [
                            "move it away, since nothing of it may be lost or come twice; or name the folder of the runs that wrote it"
                        ]
                    ),
                    at: place
                )
            }
        }
    }

    /// True unless it is said already that the sink cannot go on.
    private func canGoOn(_ place: PathPlace) -> Bool {
        stages.first { $0.shown == place.user }?.canGoOn != false
    }

    private static func holdsSomething(_ path: String) -> Bool {
        guard let status = try? FileStatus(FilePath(path)) else { return false }
        return status.kind == .file && status.size > 0
    }
}

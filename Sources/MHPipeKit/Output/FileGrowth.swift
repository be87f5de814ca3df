/// What becomes of files that are there when a run has something for them, and which of them it may not write behind.
struct FileGrowth {
    enum Kind: String {
        /// The new one takes its place.
        case none = "anew"
        /// The run's bytes come behind it.
        case behind
        /// None that is written to may be there, and what the run after this one has comes behind it.
        case first
    }

    let kind: Kind
    /// True for text, whose last byte ends a line.
    private let isText: Bool
    /// How earlier runs have left the files, where that is known.
    private let earlier: (any EarlierFiles)?
    private let warn: (String) -> Void

    init(
        _ kind: Kind,
        isText: Bool = false,
        earlier: (any EarlierFiles)? = nil,
        warn: @escaping (String) -> Void = { _ in }
    ) {
        (self.kind, self.isText, self.earlier, self.warn) = (kind, isText, earlier, warn)
    }

    /// Finds out where a file ends that the run's bytes come behind.
    ///
    /// - Parameters:
    ///   - place: The file.
    ///   - shown: Its path as the user names it.
    /// - Returns: The end; nil where a new file takes its place.
    /// - Throws: `OutputFailure` for one that may not be written on.
    func end(of place: OutputPlace, _ shown: String) throws(OutputFailure) -> FileEnd? {
        guard kind != .none else { return nil }
        let end = try FileEnd(of: place)
        guard kind == .behind || end.size == 0 else { throw OutputFailure.isThereAlready(shown) }
        // One that was taken away is made anew.
        var isKnown = true
        if kind == .behind, end.size > 0 || place.path.exists { isKnown = try checkIsAsLeft(end, shown) }
        if isText, try !FileTail.endsLine(place) {
            throw OutputFailure(
                place.name,
                reason: "its last line has no end, so it was cut, or somebody else is writing it",
                advice: "put it back as the last run has left it, or take the last line away"
            )
        }
        if !isKnown { try takeUnknown(place, shown) }
        return end
    }

    /// Takes a file of which nobody can tell any more who has written it, once: this run puts down how it leaves it.
    private func takeUnknown(_ place: OutputPlace, _ shown: String) throws(OutputFailure) {
        if !isText, let earlier {
            let damage = try asFailure(shown) { () throws(StageError) in try earlier.damage(ofCompressed: place.path) }
            if let damage {
                throw OutputFailure(
                    shown,
                    reason: "\(damage), and what is put behind that could not be read",
                    advice: "put it back as the last run has left it; or move it away, and a new one is made"
                )
            }
        }
        warn(
            "'\(shown)' is taken as it is, since its end is whole: this state was begun by an earlier mhpipe, which did not keep which files its runs have written, so it is not known whether one of them has left it like that"
        )
    }

    /// Sees to it that a file is as the last run has left it that wrote it; false when that cannot be told.
    private func checkIsAsLeft(_ end: FileEnd, _ shown: String) throws(OutputFailure) -> Bool {
        guard let earlier else { return true }
        let (reason, advice): (String, String)
        switch try standing(of: shown, end, earlier) {
        case .asLeft: return true
        // Nothing of anybody is in an empty one.
        case .unknown: return end.size == 0
        case .changed:
            reason =
                "it was changed since the last run wrote it: it has \(end.size) bytes now, and is not what that run has left"
            advice =
                "put that file back; or move it away, and a new one is made; or go on with what is there now, with --restart"
        case .foreign:
            // Nothing of others is in it.
            guard end.size > 0 else { return true }
            reason = "it is there already, and no run of this state has written it"
            advice =
                "move it away, and a new one is made; or choose another path; or write behind what is there, with --restart"
        }
        guard earlier.takesChanged else { throw OutputFailure(shown, reason: reason, advice: advice) }
        warn("'\(shown)': \(reason); with --restart it is taken as it is now")
        return true
    }

    private func standing(
        of shown: String,
        _ end: FileEnd,
        _ earlier: any EarlierFiles
    ) throws(OutputFailure) -> EarlierStanding {
        try asFailure(shown) { () throws(StageError) in try earlier.standing(of: shown, end.text) }
    }

    private func asFailure<Answer>(
        _ shown: String,
        _ ask: () throws(StageError) -> Answer
    ) throws(OutputFailure) -> Answer {
        do throws(StageError) {
            return try ask()
        } catch {
            throw OutputFailure(shown, reason: error.message, advice: error.advice)
        }
    }
}

import MHPipeRuntime

extension RunProgress {
    /// The progress line: `1,200 of 9,753 files  12%  38.1 MB of 312.4 MB  1,087,842 events/s  0:04 left`.
    ///
    /// - Parameter readsStandardInput: True when nothing else is read.
    /// - Returns: The line, without its end.
    func line(readsStandardInput: Bool = false) -> String {
        if readsStandardInput, bytesDone == 0, filesDone == 0 { return "waiting for standard input" }
        if filesTotal ?? bytesDone == 0 { return "looking for files" }
        let files = filesTotal.map { "\(Readable.count(filesDone)) of \(Readable.count($0, "file"))" }
        var parts = [files ?? Readable.count(filesDone, "file")]
        if let share { parts.append("\(Int(share * 100))%") }
        parts.append(Readable.bytes(bytesDone) + (bytesTotal.map { " of \(Readable.bytes($0))" } ?? ""))
        if seconds > 0 { parts.append("\(Readable.count(Int(Double(events) / seconds))) events/s") }
        if let secondsLeft { parts.append("\(Readable.clock(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    /// The progress as a JSON object on one line, keys sorted; what is not known yet is 0, or left out.
    var json: String {
        let left = secondsLeft.map { ",\"secondsLeft\":\(milliseconds($0))" } ?? ""
        return
            "{\"bytesDone\":\(bytesDone),\"bytesTotal\":\(bytesTotal ?? 0),\"events\":\(events),\"filesDone\":\(filesDone),"
            + "\"filesTotal\":\(filesTotal ?? 0),\"seconds\":\(milliseconds(seconds))\(left)}"
    }

    /// How much is done, from 0 to 1; nil while that cannot be told.
    private var share: Double? {
        guard let bytesTotal, bytesTotal > 0 else { return nil }
        return min(Double(bytesDone) / Double(bytesTotal), 1)
    }

    /// The time left at the speed so far; nil while too little is done to tell.
    private var secondsLeft: Double? {
        guard let share, share > 0, seconds >= 0.5 else { return nil }
        return seconds * (1 - share) / share
    }

    private func milliseconds(_ seconds: Double) -> Double {
        (seconds * 1000).rounded() / 1000
    }
}

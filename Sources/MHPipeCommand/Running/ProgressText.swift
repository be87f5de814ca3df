import MHPipeRuntime

extension RunProgress {
    /// The progress line: `1,200 of 9,753 files  12%  38.1 MB of 312.4 MB  1,087,842 events/s  0:04 left`.
    var line: String {
        if filesTotal == 0 { return "looking for files" }
        var parts = ["\(Readable.count(filesDone)) of \(Readable.count(filesTotal, "file"))"]
        if let share { parts.append("\(Int(share * 100))%") }
        parts.append(Readable.bytes(bytesDone) + (bytesTotal > 0 ? " of \(Readable.bytes(bytesTotal))" : ""))
        if seconds > 0 { parts.append("\(Readable.count(Int(Double(events) / seconds))) events/s") }
        if let secondsLeft { parts.append("\(Readable.clock(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    /// The progress as a JSON object on one line, keys sorted; `secondsLeft` only when it can be told.
    var json: String {
        let left = secondsLeft.map { ",\"secondsLeft\":\(milliseconds($0))" } ?? ""
        return
            "{\"bytesDone\":\(bytesDone),\"bytesTotal\":\(bytesTotal),\"events\":\(events),\"filesDone\":\(filesDone),"
            + "\"filesTotal\":\(filesTotal),\"seconds\":\(milliseconds(seconds))\(left)}"
    }

    /// How much is done, from 0 to 1; nil while that cannot be told.
    private var share: Double? {
        bytesTotal > 0 ? min(Double(bytesDone) / Double(bytesTotal), 1) : nil
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

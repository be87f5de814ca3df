import MHPipeKit

/// When changes may be made: a stretch of time, of each week, or of each day.
struct ChangeWindow: OptionValue, Hashable {
    private enum Stretch: Hashable {
        case once(Range<Timestamp>)
        /// Seconds of a week that begins on Monday, or of a day; it may lead over the end into the next one.
        case repeated(start: Int64, end: Int64, every: Int64)
    }

    private let stretch: Stretch
    /// What is behind UTC when the window says its own time.
    private let offset: Int64
    let optionText: String

    static let typeName = "a change window such as \(examples)"

    private static let examples =
        "'Sat 22:00/Sun 06:00', '22:00/06:00 +02:00' or '2026-05-02T22:00:00Z/2026-05-03T06:00:00Z'"
    private static let day: Int64 = 86_400
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs \(Self.typeName), not \(node.kindName)") }
        guard let window = Self.read(text) else { throw OptionError("needs \(Self.typeName), not '\(text)'") }
        (stretch, offset, optionText) = (window.stretch, window.offset, text)
    }

    private static func read(_ text: String) -> (stretch: Stretch, offset: Int64)? {
        let ends = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }
        guard ends.count == 2 else { return nil }
        if let start = Timestamp(rfc3339: ends[0]), let end = Timestamp(rfc3339: ends[1]) {
            return start < end ? (.once(start..<end), 0) : nil
        }
        var words = ends[1].split(separator: " ").map(String.init)
        var offset: Int64 = 0
        if let zone = words.last, let seconds = zoneOffset(zone) {
            offset = seconds
            words.removeLast()
        }
        guard let start = point(ends[0].split(separator: " ").map(String.init)), let end = point(words),
            start.isOfWeek == end.isOfWeek, start.seconds != end.seconds
        else { return nil }
        return (.repeated(start: start.seconds, end: end.seconds, every: start.isOfWeek ? 7 * day : day), offset)
    }

    private static func point(_ words: [String]) -> (seconds: Int64, isOfWeek: Bool)? {
        guard let clock = words.last.flatMap(seconds(ofClock:)) else { return nil }
        switch words.count {
        case 1: return (clock, false)
        case 2:
            guard words[0].utf8.count >= 3, let place = days.firstIndex(where: { words[0].lowercased().hasPrefix($0) })
            else { return nil }
            return (Int64(place) * day + clock, true)
        default: return nil
        }
    }

    private static func seconds(ofClock text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1]), minutes < 60,
            hours < 24 || hours == 24 && minutes == 0
        else { return nil }
        return hours * 3600 + minutes * 60
    }

    private static func zoneOffset(_ text: String) -> Int64? {
        if text == "Z" || text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-", let clock = seconds(ofClock: String(text.dropFirst()))
        else { return nil }
        return sign == "+" ? clock : -clock
    }

    /// True for a time in it; the end is not in it any more.
    func contains(_ time: Timestamp) -> Bool {
        switch stretch {
        case .once(let range): return range.contains(time)
        case .repeated(let start, let end, let every):
            // 1970 began on a Thursday, three days after a Monday.
            let local = time.seconds + offset + 3 * Self.day
            let place = (local % every + every) % every
            return start < end ? start <= place && place < end : place >= start || place < end
        }
    }
}

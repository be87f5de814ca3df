import MHPipeKit
import MHPipeReport

/// The time that a report is about: what is drawn is drawn along it.
struct ReportPeriod {
    /// The first event and the end of what was read; nil where no event has a time.
    let span: ClosedRange<Timestamp>?

    init(first: String?, last: String?) {
        guard let first = first.flatMap(Timestamp.init(rfc3339:)), let last = last.flatMap(Timestamp.init(rfc3339:)),
            first <= last
        else {
            span = nil
            return
        }
        span = first...last
    }

    /// The days at its ends, as the axis of a drawing names them.
    var ends: (from: String, to: String) {
        guard let span else { return ("", "") }
        return (Self.day(span.lowerBound), Self.day(span.upperBound))
    }

    static func day(_ time: Timestamp) -> String { String(time.description.prefix(10)) }

    /// The place of a time on the line of a drawing.
    func place(of text: String?) -> Int? {
        guard let span, let time = text.flatMap(Timestamp.init(rfc3339:)) else { return nil }
        let length = max(1, span.upperBound.seconds - span.lowerBound.seconds)
        let place = Double(time.seconds - span.lowerBound.seconds) / Double(length)
        return Int((min(max(place, 0), 1) * Double(Drawing.length)).rounded())
    }

    /// The days of it, several in one where there are many; none without a span.
    var steps: DaySteps { DaySteps(span) }
}

/// Stretches of one or more days, at most a hundred.
struct DaySteps {
    static let most = 100

    private let first: Int64
    /// How many days a stretch has.
    let days: Int64
    let count: Int

    init(_ span: ClosedRange<Timestamp>?) {
        guard let span else {
            (first, days, count) = (0, 1, 0)
            return
        }
        first = Self.day(span.lowerBound)
        let all = Self.day(span.upperBound) - first + 1
        days = (all + Int64(Self.most) - 1) / Int64(Self.most)
        count = Int((all + days - 1) / days)
    }

    private static func day(_ time: Timestamp) -> Int64 {
        time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds - 86_399) / 86_400
    }

    /// The stretch that a day lies in: `2026-05-31`.
    func step(of day: String?) -> Int? {
        guard let day, let time = Timestamp(rfc3339: day + "T00:00:00Z") else { return nil }
        let step = (Self.day(time) - first) / days
        return Self.day(time) >= first && step < Int64(count) ? Int(step) : nil
    }

    /// The first day of a stretch.
    func day(of step: Int) -> String {
        ReportPeriod.day(Timestamp(seconds: (first + Int64(step) * days) * 86_400))
    }
}

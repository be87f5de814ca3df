/// Where a stretch of time begins or ends, as an option: a day, a month, a year or a time with all that it names, or so long
/// before the run begins.
package struct TimeBound: OptionValue, Hashable {
    private enum Place: Hashable {
        case span(Range<Timestamp>)
        case age(Duration)
    }

    private let place: Place
    package let optionText: String

    package static var typeName: String { "a day, a month, a time or an age, such as \(examples)" }

    private static let examples = "2026-05-31, 2026-05, 2026-05-31T12:00:00Z or 7d"

    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs \(Self.examples), not \(node.kindName)") }
        optionText = text
        if let age = Age(text) {
            place = .age(age.duration)
        } else if let span = try Self.span(text) {
            place = .span(span)
        } else if let moment = try Self.moment(text) {
            place = .span(moment)
        } else {
            throw OptionError(
                "needs a day, a month, a time or an age (\(Self.examples)), not '\(text)'",
                label: Self.meant(by: text)
            )
        }
    }

    /// The first moment that it names, in a run that began `now`.
    package func start(_ now: Timestamp) -> Timestamp {
        switch place {
        case .span(let span): span.lowerBound
        case .age(let age): now.advanced(by: .zero - age)
        }
    }

    /// The first moment behind all that it names, likewise.
    package func end(_ now: Timestamp) -> Timestamp {
        switch place {
        case .span(let span): span.upperBound
        case .age(let age): now.advanced(by: .nanoseconds(1) - age)
        }
    }

    /// What is nearly written.
    private static func meant(by text: String) -> String? {
        if let end = ["Z", ":00Z"].first(where: { Timestamp(rfc3339: text + $0) != nil }) {
            return "a time needs seconds and a zone: '\(text)\(end)' is one in UTC"
        }
        if let (time, zone) = text.wholeMatch(of: /(.*T[0-9]{2}:[0-9]{2})([+-].*)/).map({ ($0.1, $0.2) }) {
            return "a time needs seconds: '\(time):00\(zone)'"
        }
        if let (count, unit) = text.lowercased().wholeMatch(of: /([0-9]+) *([smhdw])[a-z]*/).map({ ($0.1, $0.2) }) {
            return "did you mean '\(count)\(unit)'?"
        }
        if let date = text.wholeMatch(of: /([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?/) {
            let parts = [date.1, date.2] + (date.3.map { [$0] } ?? [])
            return "did you mean '\(parts.map { $0.count == 1 ? "0\($0)" : String($0) }.joined(separator: "-"))'?"
        }
        return ["yesterday", "today"].contains(text.lowercased()) ? "'1d' begins 24 hours ago" : nil
    }

    /// `2026`, `2026-05` and `2026-05-31`.
    private static func span(_ text: String) throws(OptionError) -> Range<Timestamp>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 3, zip(parts, [4, 2, 2]).allSatisfy({ $0.utf8.count == $1 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        let month = numbers.dropFirst().first
        let day = numbers.dropFirst(2).first
        guard let span = CivilSpan(year: numbers[0], month: month, day: day) else {
            throw OptionError("names a \(day == nil ? "month" : "day") that does not exist: '\(text)'")
        }
        return span.range
    }

    /// A time to the second stands for that second.
    private static func moment(_ text: String) throws(OptionError) -> Range<Timestamp>? {
        guard let time = Timestamp(rfc3339: text) else {
            // Right but for the day, which then is the mistake.
            if Timestamp(rfc3339: "2000-01-01" + text.dropFirst(10)) != nil, try span(String(text.prefix(10))) == nil {
                throw OptionError("names a time that does not exist: '\(text)'")
            }
            return nil
        }
        return time..<time.advanced(by: text.contains(".") ? .nanoseconds(1) : .seconds(1))
    }
}

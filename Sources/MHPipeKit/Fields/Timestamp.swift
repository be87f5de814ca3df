/// A moment in time, in UTC, to the nanosecond.
///
/// CloudTrail writes `eventTime` as RFC 3339 does, to the second: `2026-01-31T23:59:59Z`.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64
    /// The rest of the second, 0 to 999,999,999.
    public var nanoseconds: Int32

    /// Makes a moment.
    ///
    /// - Parameters:
    ///   - seconds: Whole seconds since 1970-01-01T00:00:00Z.
    ///   - nanoseconds: The rest, 0 to 999,999,999.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads a date and time with its zone (RFC 3339); nil for anything else.
    ///
    /// A space may stand for the `T`. Digits of the fraction behind the ninth are dropped. A leap second counts as the
    /// second that follows it.
    ///
    /// - Parameter text: UTF-8, and nothing but the time.
    public init?(rfc3339 text: Span<UInt8>) {
        var reader = TimeReader()
        guard let day = reader.day(text), reader.take(text, "T") || reader.take(text, "t") || reader.take(text, " "),
            let hour = reader.number(text, 2), reader.take(text, ":"), let minute = reader.number(text, 2),
            reader.take(text, ":"), let second = reader.number(text, 2), let fraction = reader.fraction(text),
            let zone = reader.zone(text), reader.next == text.count, hour < 24, minute < 60, second <= 60
        else { return nil }
        seconds = Int64(day * 86_400 + hour * 3600 + minute * 60 + second - zone)
        nanoseconds = Int32(fraction)
    }

    /// Reads a date and time with its zone; like `init(rfc3339:)` for a span.
    ///
    /// - Parameter text: Nothing but the time.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        self.init(rfc3339: bytes.span)
    }

    /// The beginning of a day in UTC, `2026-01-31`; nil when there is no such day.
    ///
    /// - Parameters:
    ///   - year: 1 to 9999.
    ///   - month: 1 to 12.
    ///   - day: 1 to the length of the month.
    public init?(year: Int, month: Int, day: Int) {
        guard let days = CivilCalendar.days(year, month, day) else { return nil }
        self.init(seconds: Int64(days) * 86_400)
    }

    /// The seconds since 1970-01-01T00:00:00Z, as `Date(timeIntervalSince1970:)` takes them.
    public var secondsSince1970: Double { Double(seconds) + Double(nanoseconds) / 1e9 }

    /// The moment that lies some time later, or earlier.
    ///
    /// - Parameter duration: How much.
    /// - Returns: The moment.
    public func advanced(by duration: Duration) -> Timestamp {
        let (whole, attoseconds) = duration.components
        let nanos = Int64(nanoseconds) + attoseconds / 1_000_000_000
        let carry = nanos >= 1_000_000_000 ? 1 : nanos < 0 ? -1 : Int64(0)
        return Timestamp(seconds: seconds + whole + carry, nanoseconds: Int32(nanos - carry * 1_000_000_000))
    }

    /// The time from another moment to this one.
    ///
    /// - Parameter other: The other moment.
    /// - Returns: A negative duration when the other moment is later.
    public func duration(since other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds - other.nanoseconds))
    }

    /// Tells which of two moments is earlier.
    ///
    /// - Parameters:
    ///   - left: One.
    ///   - right: The other.
    /// - Returns: Whether `left` is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp {
    /// The date in UTC, and the second of the day.
    package var parts: (year: Int, month: Int, day: Int, second: Int) {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (day, rest) = second < 0 ? (Int(days) - 1, Int(second) + 86_400) : (Int(days), Int(second))
        let (year, month, dayOfMonth) = CivilCalendar.date(day)
        return (year, month, dayOfMonth, rest)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment as RFC 3339 writes it in UTC, with as many digits of the fraction as it needs.
    public var description: String {
        let (year, month, dayOfMonth, rest) = parts
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(width - digits.count, 0)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let time = "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        guard nanoseconds != 0 else { return "\(date)T\(time)Z" }
        var fraction = padded(Int(nanoseconds), 9)
        while fraction.last == "0" { fraction.removeLast() }
        return "\(date)T\(time).\(fraction)Z"
    }
}

extension Event {
    /// `eventTime`, or nil where it is no time.
    public var time: Timestamp? { self[Self.timePath]?.string.flatMap { Timestamp(rfc3339: $0) } }

    private static let timePath = FieldPath("eventTime")
}

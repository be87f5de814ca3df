/// A time in UTC, in the ways in which trails write it.
struct TrailTime {
    let seconds: Int
    private let year: Int
    private let month: Int
    private let day: Int
    private let hour: Int
    private let minute: Int
    private let second: Int

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// - Parameter seconds: Seconds since 1970, not negative.
    init(_ seconds: Int) {
        self.seconds = seconds
        let (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
        (hour, minute, second) = (time / 3600, time % 3600 / 60, time % 60)
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March.
        let shifted = days + 719_468
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = shifted / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// `2024-05-01T09:30:00Z`.
    func writeISO(into text: inout [UInt8]) {
        Self.write(year, 4, into: &text)
        for (separator, number) in [("-", month), ("-", day), ("T", hour), (":", minute), (":", second)]
            as [(Unicode.Scalar, Int)]
        {
            text.append(UInt8(ascii: separator))
            Self.write(number, 2, into: &text)
        }
        text.append(UInt8(ascii: "Z"))
    }

    /// `May 1, 2024, 9:30:00 AM`, as many services write times in requests.
    ///
    /// - Parameter space: What stands before AM or PM; newer Java writes a narrow space.
    /// - Returns: The time.
    func spoken(space: String = " ") -> String {
        let clock = "\(hour % 12 == 0 ? 12 : hour % 12):\(Self.padded(minute)):\(Self.padded(second))"
        return "\(Self.months[month - 1]) \(day), \(year), \(clock)\(space)\(hour < 12 ? "AM" : "PM")"
    }

    /// `2024/05/01`.
    var dayPath: String { "\(year)/\(Self.padded(month))/\(Self.padded(day))" }

    /// `20240501T0930Z`, as in the names of files.
    var compact: String {
        "\(year)\(Self.padded(month))\(Self.padded(day))T\(Self.padded(hour))\(Self.padded(minute))Z"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func write(_ number: Int, _ digits: Int, into text: inout [UInt8]) {
        if digits == 4 { write(number / 100, 2, into: &text) }
        text.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}

/// Steps through the text of a time; each step is handed the text.
struct TimeReader {
    /// The offset of the next byte.
    private(set) var next = 0

    mutating func take(_ text: Span<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard next < text.count, text[next] == UInt8(ascii: character) else { return false }
        next += 1
        return true
    }

    mutating func number(_ text: Span<UInt8>, _ digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = digit(text) else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// The days since 1970-01-01 of a date, `2026-01-31`.
    mutating func day(_ text: Span<UInt8>) -> Int? {
        guard let year = number(text, 4), take(text, "-"), let month = number(text, 2), take(text, "-"),
            let day = number(text, 2)
        else { return nil }
        return CivilCalendar.days(year, month, day)
    }

    /// Nanoseconds; 0 when there is no fraction, nil when it has no digit.
    mutating func fraction(_ text: Span<UInt8>) -> Int? {
        guard take(text, ".") else { return 0 }
        guard let first = digit(text) else { return nil }
        var (nanos, unit) = (first * 100_000_000, 10_000_000)
        while let digit = digit(text) {
            nanos += digit * unit
            unit /= 10
        }
        return nanos
    }

    /// Seconds east of Greenwich.
    mutating func zone(_ text: Span<UInt8>) -> Int? {
        if take(text, "Z") || take(text, "z") { return 0 }
        let isEast = take(text, "+")
        guard isEast || take(text, "-"), let hours = number(text, 2), take(text, ":"), let minutes = number(text, 2),
            hours < 24, minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    private mutating func digit(_ text: Span<UInt8>) -> Int? {
        guard next < text.count, text[next] &- 0x30 < 10 else { return nil }
        defer { next += 1 }
        return Int(text[next] &- 0x30)
    }
}

/// Days and dates of the Gregorian calendar, counted in years that begin with March, so that the leap day is the last one.
enum CivilCalendar {
    private static let daysBefore1970 = 719_468

    /// The days since 1970-01-01; nil when there is no such day.
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard year > 0, month > 0, month <= 12, day > 0, day <= length(of: month, year) else { return nil }
        let marchYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - daysBefore1970
    }

    /// The date of a day, counted from 1970-01-01.
    static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + daysBefore1970
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}

/// Reads times as CloudTrail writes them, into what PostgreSQL's binary format holds.
enum ServerTime {
    /// The microseconds since 2000-01-01 00:00 UTC of an ISO 8601 time with date, time and zone; nil for anything else.
    ///
    /// Digits of the fraction behind the sixth are dropped. A leap second counts as the second that follows it, as the
    /// server itself reads it.
    static func microseconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = Reader(bytes: bytes)
            guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
                let day = reader.number(2), reader.take("T") || reader.take(" "), let hour = reader.number(2),
                reader.take(":"), let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
                let fraction = reader.fraction(), let zone = reader.zone(), reader.isAtEnd
            else { return nil }
            guard year > 0, hour < 24, minute < 60, second <= 60, day > 0, day <= days(in: month, of: year) else {
                return nil
            }
            let seconds = Int64(daysSince2000(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zone)
            return seconds * 1_000_000 + Int64(fraction)
        }
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        case 1...12: return 31
        default: return 0
        }
    }

    /// Counted in years that begin with March, so that the leap day is the last one.
    private static func daysSince2000(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 730_425
    }

    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var next = 0

        var isAtEnd: Bool { next == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard next < bytes.count, bytes[next] == UInt8(ascii: character) else { return false }
            next += 1
            return true
        }

        mutating func digit() -> Int? {
            guard next < bytes.count, (0x30...0x39).contains(bytes[next]) else { return nil }
            defer { next += 1 }
            return Int(bytes[next] - 0x30)
        }

        mutating func number(_ digits: Int) -> Int? {
            var number = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        /// Microseconds; 0 when there is no fraction, nil when it has no digit.
        mutating func fraction() -> Int? {
            guard take(".") else { return 0 }
            guard let first = digit() else { return nil }
            var (micros, unit) = (first * 100_000, 10_000)
            while let digit = digit() {
                micros += digit * unit
                unit /= 10
            }
            return micros
        }

        /// Seconds east of Greenwich.
        mutating func zone() -> Int? {
            if take("Z") { return 0 }
            let isEast = take("+")
            guard isEast || take("-"), let hours = number(2), take(":"), let minutes = number(2), hours < 16,
                minutes < 60
            else { return nil }
            return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
    }
}

import MHPipeKit

extension Timestamp {
    /// The milliseconds since 1970.
    var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds) / 1_000_000 }

    /// The moment in UTC, to the millisecond: `2026-01-31T23:59:59.000Z`.
    var isoText: [UInt8] {
        let (year, month, day, second) = parts
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(year, 1000, "-", &text)
        Self.append(month, 10, "-", &text)
        Self.append(day, 10, "T", &text)
        Self.append(second / 3600, 10, ":", &text)
        Self.append(second / 60 % 60, 10, ":", &text)
        Self.append(second % 60, 10, ".", &text)
        Self.append(Int(nanoseconds) / 1_000_000, 100, "Z", &text)
        return text
    }

    /// Appends a number, from the digit of `unit` on, and what stands behind it.
    private static func append(_ number: Int, _ unit: Int, _ sign: Unicode.Scalar, _ text: inout [UInt8]) {
        var unit = unit
        while unit > 0 {
            text.append(UInt8(truncatingIfNeeded: number / unit % 10) + UInt8(ascii: "0"))
            unit /= 10
        }
        text.append(UInt8(ascii: sign))
    }
}

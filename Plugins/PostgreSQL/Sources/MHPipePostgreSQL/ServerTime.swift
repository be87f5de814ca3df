import MHPipeKit

/// Times as PostgreSQL's binary format holds them.
enum ServerTime {
    /// The seconds from 1970-01-01 to 2000-01-01, from where the server counts.
    private static let epoch: Int64 = 946_684_800

    /// The microseconds since 2000-01-01 00:00 UTC of an RFC 3339 time; nil for anything else.
    ///
    /// Digits of the fraction behind the sixth are dropped. A leap second counts as the second that follows it, as the
    /// server itself reads it.
    static func microseconds(_ text: String) -> Int64? {
        Timestamp(rfc3339: text).map { ($0.seconds - epoch) * 1_000_000 + Int64($0.nanoseconds / 1000) }
    }
}

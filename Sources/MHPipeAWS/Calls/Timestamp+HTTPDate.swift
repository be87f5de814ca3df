import MHPipeKit

extension Timestamp {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads a date as HTTP writes it: `Sun, 31 May 2026 12:55:00 GMT`.
    init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, let day = Int(parts[1]), let month = Self.months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3]), let start = Timestamp(year: year, month: month + 1, day: day)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        self = start.advanced(by: .seconds(time[0] * 3600 + time[1] * 60 + time[2]))
    }
}

/// A year, a month or a day, in UTC.
struct CivilSpan {
    /// From its first moment to the first behind it.
    let range: Range<Timestamp>

    /// Nil when there is no such day or month.
    init?(year: Int, month: Int? = nil, day: Int? = nil) {
        guard let start = Timestamp(year: year, month: month ?? 1, day: day ?? 1) else { return nil }
        let end: Timestamp?
        if day != nil {
            end = start.advanced(by: .seconds(86_400))
        } else if let month, month < 12 {
            end = Timestamp(year: year, month: month + 1, day: 1)
        } else {
            end = Timestamp(year: year + 1, month: 1, day: 1)
        }
        guard let end else { return nil }
        range = start..<end
    }
}

/// The time between tries that fail: a second, then twice as long each time, up to five minutes.
///
/// A fifth more or less by chance, so that many processes that lost the same server do not come back at the same moment.
struct GrowingPause {
    /// How many tries have failed, one after the other.
    private(set) var failures = 0

    private static let longest = 300.0

    /// Takes note of a try that failed.
    ///
    /// - Parameter chance: Between 0 and 1.
    /// - Returns: What to wait before the next.
    mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
        failures += 1
        let seconds = min(Double(1 << min(failures - 1, 20)), Self.longest)
        return .milliseconds(Int(seconds * (0.8 + 0.4 * chance) * 1000))
    }

    /// Takes note of a try that succeeded.
    mutating func reset() { failures = 0 }
}

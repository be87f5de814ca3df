/// 128 bits that stand for a text; or 64 bits that do, and a number.
struct Fingerprint: Hashable, Comparable {
    /// Spread evenly, and never 0.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = max(high, 1)
        self.low = low
    }

    private init() {
        (high, low) = (0, 0)
    }

    /// What stands for no fingerprint.
    static let none = Fingerprint()

    static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

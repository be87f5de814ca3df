import MHPipeKit
import MHPipeMatching

/// The length of a stretch of time that days divide into, or that is made of days.
struct BucketLength: OptionValue, Hashable {
    var seconds: Int64

    static let day: Int64 = 86_400
    private static let week = 7 * day
    /// 1970-01-05, the first Monday.
    private static let firstMonday = 4 * day

    static var typeName: String { "a length of time such as 5m, 1h or 1d" }

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init(config node: ConfigNode) throws(OptionError) {
        let bytes = Array((node.text ?? "").utf8)
        guard let duration = unsafe bytes.withUnsafeBufferPointer({ unsafe Duration(conditionText: $0) }),
            duration > .zero
        else {
            throw OptionError("needs a length of time such as 5m, 1h or 1d, not \(node.shown)")
        }
        let (seconds, rest) = duration.components
        guard rest == 0, seconds % Self.day == 0 || Self.day % seconds == 0 else {
            throw OptionError(
                "needs a length that a day divides into, such as 10s, 15m or 6h, or whole days, not \(node.shown)"
            )
        }
        self.seconds = seconds
    }

    var optionText: String {
        let units: [(name: String, seconds: Int64)] = [("d", Self.day), ("h", 3600), ("m", 60)]
        let unit = units.first { seconds % $0.seconds == 0 }
        return unit.map { "\(seconds / $0.seconds)\($0.name)" } ?? "\(seconds)s"
    }

    /// The beginning of the stretch that a moment is in; weeks begin on Monday, all others are counted from 1970.
    func start(of seconds: Int64) -> Int64 {
        let origin = self.seconds % Self.week == 0 ? Self.firstMonday : 0
        let rest = (seconds - origin) % self.seconds
        return seconds - (rest < 0 ? rest + self.seconds : rest)
    }
}

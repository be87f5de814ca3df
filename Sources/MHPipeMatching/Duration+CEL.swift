extension Duration {
    /// True for durations that CEL has: 10,000 years at most.
    package var isInRange: Bool { self <= .seconds(315_576_000_000) && self >= .seconds(-315_576_000_000) }

    /// Reads a duration as CEL writes it, `1h30m` or `-1.5s`, and `7d`; nil for anything else.
    package init?(conditionText text: UnsafeBufferPointer<UInt8>) {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.count < 64 else { return nil }
        var sum: Int128 = 0
        if !rest.elementsEqual([UInt8(ascii: "0")]) {
            while !rest.isEmpty {
                guard let nanoseconds = Self.takePart(&rest) else { return nil }
                sum += nanoseconds
            }
        }
        let (seconds, nanoseconds) = sum.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard let seconds = Int64(exactly: seconds) else { return nil }
        let duration = Duration.seconds(seconds) + .nanoseconds(Int64(nanoseconds))
        guard duration.isInRange else { return nil }
        self = isNegative ? .zero - duration : duration
    }

    /// A number and its unit, in nanoseconds.
    private static func takePart(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int128? {
        let whole = takeDigits(&rest)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
        }
        let unit = rest.prefix { $0 &- 0x30 >= 10 && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(unit.count)
        guard whole.count + fraction.count > 0, whole.count <= 18, fraction.count <= 18,
            let nanoseconds = units[String(decoding: unit, as: UTF8.self)]
        else { return nil }
        let (digits, scale) = fraction.reduce((number(whole), Int128(1))) { ($0.0 * 10 + Int128($1 - 0x30), $0.1 * 10) }
        // What is finer than a nanosecond is left out.
        return digits * nanoseconds / scale
    }

    private static func takeDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>>
    {
        let digits = rest.prefix { $0 &- 0x30 < 10 }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int128 {
        digits.reduce(0) { $0 * 10 + Int128($1 - 0x30) }
    }

    private static let units: [String: Int128] = [
        "ns": 1, "us": 1000, "µs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
}

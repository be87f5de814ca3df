extension Duration {
    /// True for durations that CEL has: 10,000 years at most.
    package var isInRange: Bool { self <= .seconds(315_576_000_000) && self >= .seconds(-315_576_000_000) }

    /// Reads a duration as CEL writes it, `1h30m` or `-1.5s`, and `7d`; nil for anything else.
    package init?(conditionText text: UnsafeBufferPointer<UInt8>) {
        var rest = unsafe text[...]
        let isNegative = unsafe rest.first == UInt8(ascii: "-")
        if unsafe isNegative || rest.first == UInt8(ascii: "+") { unsafe rest = unsafe rest.dropFirst() }
        guard unsafe !rest.isEmpty, unsafe rest.count < 64 else { return nil }
        var sum: Int128 = 0
        if unsafe !rest.elementsEqual([UInt8(ascii: "0")]) {
            while unsafe !rest.isEmpty {
                guard let nanoseconds = unsafe Self.takePart(&rest) else { return nil }
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
        let whole = unsafe takeDigits(&rest)
        var fraction = unsafe rest.prefix(0)
        if unsafe rest.first == UInt8(ascii: ".") {
            unsafe rest = unsafe rest.dropFirst()
            unsafe fraction = unsafe takeDigits(&rest)
        }
        let unit = unsafe rest.prefix { $0 &- 0x30 >= 10 && $0 != UInt8(ascii: ".") }
        unsafe rest = unsafe rest.dropFirst(unit.count)
        guard unsafe whole.count + fraction.count > 0, unsafe whole.count <= 18, unsafe fraction.count <= 18,
            let nanoseconds = unsafe units[String(decoding: unit, as: UTF8.self)]
        else { return nil }
        let (digits, scale) = unsafe fraction.reduce((number(whole), Int128(1))) {
            ($0.0 * 10 + Int128($1 - 0x30), $0.1 * 10)
        }
        // What is finer than a nanosecond is left out.
        return digits * nanoseconds / scale
    }

    private static func takeDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>>
    {
        let digits = unsafe rest.prefix { $0 &- 0x30 < 10 }
        unsafe rest = unsafe rest.dropFirst(digits.count)
        return unsafe digits
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int128 {
        unsafe digits.reduce(0) { $0 * 10 + Int128($1 - 0x30) }
    }

    private static let units: [String: Int128] = [
        "ns": 1, "us": 1000, "µs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
}

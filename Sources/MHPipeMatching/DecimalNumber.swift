/// A number by its exact value, whatever way it was written in.
///
/// JSON does not say how large or fine a number may be, so nothing is rounded: `1`, `1.0` and `1e0` are one number, and
/// 9007199254740993 is not 9007199254740992.0.
package enum DecimalNumber: Sendable, Hashable {
    /// A whole number that fits.
    case whole(Int64)
    /// Any other one.
    case digits(Digits)

    /// A number that is 0.d₁d₂d₃… times a power of ten.
    package struct Digits: Sendable, Hashable {
        package var isNegative: Bool
        /// The digits 0 to 9; neither the first nor the last is 0.
        package var digits: [UInt8]
        package var exponent: Int
    }

    /// Larger exponents are no longer told apart.
    private static let mostExponent = 1 << 40

    /// Reads a number as JSON and CEL write it; nil for anything else.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        var rest = unsafe text[...]
        let isNegative = unsafe rest.first == UInt8(ascii: "-")
        if isNegative { unsafe rest = unsafe rest.dropFirst() }
        let whole = unsafe Self.takeDigits(&rest)
        if unsafe rest.isEmpty, unsafe !whole.isEmpty, unsafe whole.count <= 18 {
            let magnitude = unsafe whole.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            self = .whole(isNegative ? -magnitude : magnitude)
            return
        }
        var fraction = unsafe rest.prefix(0)
        if unsafe rest.first == UInt8(ascii: ".") {
            unsafe rest = unsafe rest.dropFirst()
            unsafe fraction = unsafe Self.takeDigits(&rest)
        }
        guard unsafe !whole.isEmpty || !fraction.isEmpty else { return nil }
        var exponent = 0
        if unsafe rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            unsafe rest = unsafe rest.dropFirst()
            let isBelow = unsafe rest.first == UInt8(ascii: "-")
            if unsafe isBelow || rest.first == UInt8(ascii: "+") { unsafe rest = unsafe rest.dropFirst() }
            let power = unsafe Self.takeDigits(&rest)
            guard unsafe !power.isEmpty else { return nil }
            exponent = unsafe power.reduce(0) { min($0 * 10 + Int($1 - 0x30), Self.mostExponent) }
            if isBelow { exponent = -exponent }
        }
        guard unsafe rest.isEmpty else { return nil }
        let digits = unsafe (Array(whole) + Array(fraction)).map { $0 - 0x30 }
        unsafe self.init(isNegative: isNegative, digits, exponent: exponent + whole.count)
    }

    /// Reads a number; like `init(_:)` for bytes that stand somewhere.
    package init?(_ text: [UInt8]) {
        guard let number = unsafe text.withUnsafeBufferPointer({ unsafe DecimalNumber($0) }) else { return nil }
        self = number
    }

    /// A whole number without a sign.
    package init(_ number: UInt64) {
        self = Int64(exactly: number).map(Self.whole) ?? Self.digits(Self.parts(of: number, isNegative: false))
    }

    /// A number whose digits all stand behind the point, before the exponent counts.
    private init(isNegative: Bool, _ digits: [UInt8], exponent: Int) {
        let leading = digits.prefix { $0 == 0 }.count
        var kept = Array(digits.dropFirst(leading))
        while kept.last == 0 { kept.removeLast() }
        let parts = Digits(isNegative: isNegative, digits: kept, exponent: exponent - leading)
        self = kept.isEmpty ? .whole(0) : Self.wholeValue(of: parts).map(Self.whole) ?? .digits(parts)
    }

    /// The number with the other sign.
    package var negated: DecimalNumber {
        switch self {
        case .whole(let number) where number != .min: return .whole(-number)
        case .whole(let number): return .digits(Self.parts(of: number.magnitude, isNegative: false))
        case .digits(var parts):
            parts.isNegative.toggle()
            return Self.wholeValue(of: parts).map(Self.whole) ?? .digits(parts)
        }
    }

    /// The number, when it is a whole one that fits.
    package var int64: Int64? {
        if case .whole(let number) = self { number } else { nil }
    }

    private static func wholeValue(of parts: Digits) -> Int64? {
        guard parts.exponent >= parts.digits.count, parts.exponent <= 19 else { return nil }
        var number: Int64 = 0
        for place in 0..<parts.exponent {
            let digit = place < parts.digits.count ? Int64(parts.digits[place]) : 0
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.addingReportingOverflow(parts.isNegative ? -digit : digit)
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        return number
    }

    private static func parts(of magnitude: UInt64, isNegative: Bool) -> Digits {
        var digits = String(magnitude).utf8.map { $0 - 0x30 }
        let exponent = digits.count
        while digits.last == 0 { digits.removeLast() }
        return Digits(isNegative: isNegative, digits: digits, exponent: exponent)
    }

    private static func takeDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>>
    {
        let digits = unsafe rest.prefix { $0 &- 0x30 < 10 }
        unsafe rest = unsafe rest.dropFirst(digits.count)
        return unsafe digits
    }
}

extension DecimalNumber: Comparable {
    package static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        if case .whole(let left) = left, case .whole(let right) = right { return left < right }
        let (left, right) = (left.parts, right.parts)
        let (leftSign, rightSign) = (left.sign, right.sign)
        guard leftSign == rightSign else { return leftSign < rightSign }
        return leftSign < 0 ? right.isCloserToZero(than: left) : left.isCloserToZero(than: right)
    }

    /// The number as digits; none for 0.
    package var parts: Digits {
        switch self {
        case .whole(let number): Self.parts(of: number.magnitude, isNegative: number < 0)
        case .digits(let parts): parts
        }
    }
}

extension DecimalNumber.Digits {
    fileprivate var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    fileprivate func isCloserToZero(than other: Self) -> Bool {
        exponent == other.exponent ? digits.lexicographicallyPrecedes(other.digits) : exponent < other.exponent
    }
}

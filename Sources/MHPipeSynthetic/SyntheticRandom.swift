/// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom
/// Number Generators", 2014), and integers alone.
///
/// The generators of the standard library promise no sequence.
struct SyntheticRandom: Sendable {
    private var state: UInt64

    /// Makes the generator of one purpose.
    ///
    /// - Parameters:
    ///   - seed: The trail's seed.
    ///   - purpose: Tells generators with the same seed apart.
    ///   - number: Tells those of the same purpose apart.
    init(seed: Int, purpose: UInt64, number: Int = 0) {
        state = UInt64(bitPattern: Int64(seed)) &* 0xD6E8_FEB8_6659_FD93 ^ purpose &* 0xA076_1D64_78BD_642F
        state = next() ^ UInt64(number)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number from 0, below a bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True so many times in a thousand.
    mutating func happens(_ thousandths: Int) -> Bool {
        below(1000) < thousandths
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// Random characters of an alphabet.
    mutating func text(_ count: Int, of alphabet: StaticString) -> String {
        alphabet.withUTF8Buffer { letters in
            String(decoding: (0..<count).map { _ in unsafe letters[below(letters.count)] }, as: UTF8.self)
        }
    }

    mutating func hex(_ count: Int) -> String { text(count, of: "0123456789abcdef") }

    /// What ids of principals and keys are written in.
    mutating func base32(_ count: Int) -> String { text(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }

    mutating func uuid() -> String { "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))" }

    /// An address of the networks that are kept for documentation (RFC 5737).
    mutating func publicAddress() -> String { "\(pick(["192.0.2", "198.51.100", "203.0.113"])).\(1 + below(254))" }

    mutating func privateAddress() -> String { "10.\(below(256)).\(below(256)).\(1 + below(254))" }
}

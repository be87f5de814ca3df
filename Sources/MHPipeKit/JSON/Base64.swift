/// Base64 with padding (RFC 4648 section 4), for bytes that are no text.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { unsafe $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            let digits = min(bytes.count - start, 3) + 1
            for digit in 0..<4 {
                encoded.append(digit < digits ? alphabet[group >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return encoded
    }

    /// Puts the bytes that a text stands for in its place.
    ///
    /// - Parameter text: The text; blanks and line ends in it are passed over, and padding may be missing.
    /// - Returns: How many bytes there are; nil when it is not Base64.
    package static func decode(_ text: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var group: UInt32 = 0
        var bits: UInt32 = 0
        var padding = 0
        var written = 0
        for index in text.indices where unsafe text[index] > UInt8(ascii: " ") {
            let byte = unsafe text[index]
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let digit = values[Int(byte)]
            guard digit < 64, padding == 0 else { return nil }
            group = group << 6 | UInt32(digit)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            unsafe text[written] = UInt8(truncatingIfNeeded: group >> bits)
            written += 1
        }
        return bits == 6 || padding > 2 ? nil : written
    }

    /// The text for some bytes.
    package static func text(_ bytes: [UInt8]) -> String {
        unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: encode($0), as: UTF8.self) }
    }

    /// The bytes that a text stands for; nil when it is not Base64.
    package static func bytes(_ text: String) -> [UInt8]? {
        var bytes = Array(text.utf8)
        guard let count = unsafe bytes.withUnsafeMutableBufferPointer({ unsafe decode($0) }) else { return nil }
        return Array(bytes.prefix(count))
    }

    /// For each byte the digit that it stands for, or 64.
    private static let values = {
        var values = Array(repeating: UInt8(64), count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()
}

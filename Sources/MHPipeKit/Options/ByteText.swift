/// Bytes of the system's, such as a path or an argument, as a text that gives them back.
///
/// What is UTF-8 stands as it is. A byte that is not stands as two noncharacters, one for each half of it: U+FDD0 and up,
/// then U+FDE0 and up, which no text that is passed between programs has; where one has them all the same, so do they.
/// Such a text can be compared, searched for slashes and put together like any other. `String.visible` shows the
/// byte as `\xFF`.
package enum ByteText {
    static let highHalves: ClosedRange<UInt32> = 0xFDD8...0xFDDF
    static let lowHalves: ClosedRange<UInt32> = 0xFDE0...0xFDEF
    private static let noncharacters: ClosedRange<UInt32> = 0xFDD0...0xFDEF
    /// The first byte of every noncharacter; few texts have it.
    private static let noncharacterStart: UInt8 = 0xEF

    package static func text(_ bytes: [UInt8]) -> String {
        // Nearly every text, and each variable of the environment at the start: nothing to look at one by one.
        if !bytes.contains(noncharacterStart), let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var next = bytes.makeIterator()
        var start = 0
        while true {
            switch parser.parseScalar(from: &next) {
            case .emptyInput: return String(text)
            case .error(let count):
                for byte in bytes[start..<start + count] { append(byte, to: &text) }
                start += count
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if noncharacters.contains(scalar.value) {
                    for byte in encoded { append(byte, to: &text) }
                } else {
                    text.append(scalar)
                }
                start += encoded.count
            }
        }
    }

    package static func bytes(_ text: String) -> [UInt8] {
        guard text.utf8.contains(noncharacterStart) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        var high: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let half = high, lowHalves.contains(scalar.value) {
                bytes.append(UInt8(truncatingIfNeeded: half.value << 4 | scalar.value & 0xF))
                high = nil
                continue
            }
            if let half = high { bytes += UTF8.encode(half).map(Array.init) ?? [] }
            high = highHalves.contains(scalar.value) ? scalar : nil
            if high == nil { bytes += UTF8.encode(scalar).map(Array.init) ?? [] }
        }
        if let high { bytes += UTF8.encode(high).map(Array.init) ?? [] }
        return bytes
    }

    private static func append(_ byte: UInt8, to text: inout String.UnicodeScalarView) {
        for value in [0xFDD0 + UInt32(byte >> 4), lowHalves.lowerBound + UInt32(byte & 0xF)] {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
    }
}

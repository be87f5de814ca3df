/// What `jsonb` makes of a valid JSON text.
///
/// It refuses what JSON itself allows: the escape of NUL, unpaired surrogates, and numbers that `numeric` cannot hold.
enum JSONBText: Equatable {
    /// It takes the text as it is.
    case fine
    /// It takes this one, in which U+FFFD stands for what it refuses.
    case repaired([UInt8])
    /// It takes nothing like it.
    case refused

    /// While it reads, the server keeps the elements of an array in one piece of memory of at most 1 GB: version 15
    /// takes 16.7 million of them and no more, which are 32 MiB of digits and commas.
    static let mostBytes = 32 << 20
    /// `numeric` has 16,383 digits behind the point; digits and exponent together stay below that.
    private static let mostDigits = 6000
    private static let mostExponentDigits = 4

    /// Looks at a text that is known to be valid JSON in UTF-8.
    init(checking bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= Self.mostBytes else {
            self = .refused
            return
        }
        var scan = Scan(bytes: bytes)
        guard scan.run() else {
            self = .refused
            return
        }
        self = scan.replaced.isEmpty ? .fine : .repaired(Self.repair(bytes, scan.replaced))
    }

    /// Each escape takes six bytes before and after.
    private static func repair(_ bytes: UnsafeBufferPointer<UInt8>, _ escapes: [Int]) -> [UInt8] {
        var text = Array(bytes)
        for place in escapes { text.replaceSubrange(place..<place + 6, with: #"\ufffd"#.utf8) }
        return text
    }

    private struct Scan {
        let bytes: UnsafeBufferPointer<UInt8>
        /// Where the escapes begin that must be replaced.
        var replaced: [Int] = []
        private var next = 0

        init(bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
        }

        /// False when there is a number that does not fit.
        mutating func run() -> Bool {
            while next < bytes.count {
                switch bytes[next] {
                case UInt8(ascii: "\""): passString()
                case UInt8(ascii: "-"), 0x30...0x39:
                    if !passNumber() { return false }
                default: next += 1
                }
            }
            return true
        }

        private mutating func passString() {
            next += 1
            while next < bytes.count {
                switch bytes[next] {
                case UInt8(ascii: "\""):
                    next += 1
                    return
                case UInt8(ascii: "\\"): passEscape()
                default: next += 1
                }
            }
        }

        private mutating func passEscape() {
            guard let unit = escapedUnit(at: next) else {
                next += 2
                return
            }
            switch unit {
            case 0, 0xDC00...0xDFFF: replaced.append(next)
            case 0xD800...0xDBFF:
                if let low = escapedUnit(at: next + 6), (0xDC00...0xDFFF).contains(low) {
                    next += 6
                } else {
                    replaced.append(next)
                }
            default: break
            }
            next += 6
        }

        /// The code unit that a `\u` escape stands for, or nil when there is none.
        private func escapedUnit(at place: Int) -> Int? {
            guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u")
            else { return nil }
            return Int(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16)
        }

        private mutating func passNumber() -> Bool {
            let start = next
            var exponentDigits = 0
            var isInExponent = false
            loop: while next < bytes.count {
                switch bytes[next] {
                case UInt8(ascii: "e"), UInt8(ascii: "E"): isInExponent = true
                case 0x30 where exponentDigits == 0: break
                case 0x30...0x39: exponentDigits += isInExponent ? 1 : 0
                case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): break
                default: break loop
                }
                next += 1
            }
            return next - start <= JSONBText.mostDigits && exponentDigits <= JSONBText.mostExponentDigits
        }
    }
}

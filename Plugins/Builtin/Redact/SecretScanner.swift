import MHPipeKit
import MHPipeMatching

/// What is found in texts by what it looks like.
enum SecretKind: String, OptionChoice {
    case accessKeys = "access_keys"
    case tokens
    case addresses
    case accountIDs = "account_ids"
}

/// Finds access keys, addresses and account ids in a text, in one walk for each.
///
/// Each has a rule that is exact (`docs/redaction.md`); where a text could be meant otherwise, it counts.
struct SecretScanner {
    private let findsAccessKeys: Bool
    private let findsAddresses: Bool
    private let findsAccountIDs: Bool

    init(_ kinds: Set<SecretKind>) {
        findsAccessKeys = kinds.contains(.accessKeys)
        findsAddresses = kinds.contains(.addresses)
        findsAccountIDs = kinds.contains(.accountIDs)
    }

    /// True when there is nothing to look for.
    var isIdle: Bool { !findsAccessKeys && !findsAddresses && !findsAccountIDs }

    /// Appends where something was found in a text that has these traits.
    func find(in text: UnsafeBufferPointer<UInt8>, _ traits: TextTraits, _ found: inout [Range<Int>]) {
        if findsAccessKeys, text.count >= 16, traits.contains(.capitalA) { unsafe findAccessKeys(text, &found) }
        if findsAccountIDs, text.count >= 12, traits.contains(.digit) { unsafe findAccountIDs(text, &found) }
        guard findsAddresses, text.count >= 2 else { return }
        if !traits.isDisjoint(with: [.colon, .dot]) { unsafe findAddresses(text, &found) }
        if traits.isSuperset(of: [.dash, .digit]) { unsafe findAddressesInNames(text, &found) }
    }

    /// AKIA, ASIA, ABIA or ACCA and at least twelve capital letters and digits.
    private func findAccessKeys(_ text: UnsafeBufferPointer<UInt8>, _ found: inout [Range<Int>]) {
        var place = 0
        while place + 16 <= text.count {
            defer { place += 1 }
            guard unsafe text[place] == UInt8(ascii: "A"), unsafe text[place + 3] == UInt8(ascii: "A") else { continue }
            switch unsafe (text[place + 1], text[place + 2]) {
            case (UInt8(ascii: "K"), UInt8(ascii: "I")), (UInt8(ascii: "S"), UInt8(ascii: "I")),
                (UInt8(ascii: "B"), UInt8(ascii: "I")), (UInt8(ascii: "C"), UInt8(ascii: "C")):
                break
            default: continue
            }
            var end = place + 4
            while end < text.count, unsafe Self.isDigit(text[end]) || text[end] &- UInt8(ascii: "A") < 26 { end += 1 }
            guard end - place >= 16 else { continue }
            found.append(place..<end)
            place = end - 1
        }
    }

    /// Twelve digits with no digit beside them, but for the end of a UUID.
    private func findAccountIDs(_ text: UnsafeBufferPointer<UInt8>, _ found: inout [Range<Int>]) {
        var place = 0
        while place < text.count {
            guard unsafe Self.isDigit(text[place]) else {
                place += 1
                continue
            }
            let start = place
            while place < text.count, unsafe Self.isDigit(text[place]) { place += 1 }
            if place - start == 12, unsafe !Self.endsUUID(text, start) { found.append(start..<place) }
        }
    }

    /// True when the first four parts of a UUID stand before a place.
    private static func endsUUID(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard place >= 24 else { return false }
        for offset in 0..<24 {
            let byte = unsafe text[place - 24 + offset]
            let isDash = [8, 13, 18, 23].contains(offset)
            guard isDash ? byte == UInt8(ascii: "-") : JSONText.hexValue(byte) != nil else { return false }
        }
        return true
    }

    private func findAddresses(_ text: UnsafeBufferPointer<UInt8>, _ found: inout [Range<Int>]) {
        var place = 0
        while place < text.count {
            guard unsafe Self.isOfAddress(text[place]) else {
                place += 1
                continue
            }
            let start = place
            var (colons, dots) = (0, 0)
            while place < text.count, unsafe Self.isOfAddress(text[place]) {
                if unsafe text[place] == UInt8(ascii: ":") { colons += 1 }
                if unsafe text[place] == UInt8(ascii: ".") { dots += 1 }
                place += 1
            }
            if colons >= 2, let range = unsafe Self.address6(text, start..<place) {
                found.append(range)
            } else if dots >= 3 {
                unsafe Self.find4(text, start..<place, UInt8(ascii: "."), &found)
            }
        }
    }

    /// Names of hosts hold addresses with dashes: ip-10-0-0-1, ec2-203-0-113-25.
    private func findAddressesInNames(_ text: UnsafeBufferPointer<UInt8>, _ found: inout [Range<Int>]) {
        for prefix in ["ip-", "ec2-"] as [StaticString] {
            var next = 0
            while let end = unsafe Self.end(of: prefix, text, from: next) {
                var stop = end
                while stop < text.count, unsafe Self.isDigit(text[stop]) || text[stop] == UInt8(ascii: "-") {
                    stop += 1
                }
                unsafe Self.find4(text, end..<stop, UInt8(ascii: "-"), &found)
                next = end
            }
        }
    }

    /// The address of IPv6 that a run of its characters is, but for what ends a sentence or stands before a port.
    private static func address6(_ text: UnsafeBufferPointer<UInt8>, _ run: Range<Int>) -> Range<Int>? {
        var run = run
        for _ in 0..<3 {
            if unsafe Address(UnsafeBufferPointer(rebasing: text[run])) != nil { return run }
            if let last = run.last, unsafe text[last] == UInt8(ascii: ".") || text[last] == UInt8(ascii: ":") {
                run = run.lowerBound..<last
            } else if let first = run.first, unsafe text[first] == UInt8(ascii: ":") || text[first] == UInt8(ascii: ".")
            {
                run = first + 1..<run.upperBound
            } else {
                return nil
            }
        }
        return nil
    }

    /// Four numbers up to 255 with a separator between them, and no digit beside them.
    private static func find4(
        _ text: UnsafeBufferPointer<UInt8>,
        _ run: Range<Int>,
        _ separator: UInt8,
        _ found: inout [Range<Int>]
    ) {
        var place = run.lowerBound
        while place < run.upperBound {
            guard unsafe isDigit(text[place]), unsafe place == 0 || !isDigit(text[place - 1]) else {
                place += 1
                continue
            }
            var next = place
            var parts = 0
            while parts < 4 {
                var (number, digits) = (0, 0)
                while next < run.upperBound, unsafe isDigit(text[next]), digits < 4 {
                    number = unsafe number * 10 + Int(text[next] - 0x30)
                    digits += 1
                    next += 1
                }
                guard (1...3).contains(digits), number < 256 else { break }
                parts += 1
                guard parts < 4 else { break }
                guard next < run.upperBound, unsafe text[next] == separator else { break }
                next += 1
            }
            if parts == 4, unsafe next >= text.count || !isDigit(text[next]) {
                found.append(place..<next)
                place = next
            } else {
                place += 1
            }
        }
    }

    private static func end(of part: StaticString, _ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let count = part.utf8CodeUnitCount
        let first = unsafe part.utf8Start.pointee
        var place = start
        while place + count <= text.count {
            let isHere =
                unsafe text[place] == first && (1..<count).allSatisfy { unsafe text[place + $0] == part.utf8Start[$0] }
            if isHere { return place + count }
            place += 1
        }
        return nil
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    private static func isOfAddress(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }
}

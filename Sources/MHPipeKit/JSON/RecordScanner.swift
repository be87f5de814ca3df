/// Walks one record over the structural index: checks its grammar and notes where its known fields are.
///
/// One walk, one look at every token. The index has already proved that every string is closed and that nothing but
/// white space stands between tokens; what is left to check is the order of the tokens and the text of the scalars
/// (RFC 8259 sections 2 to 6).
@safe
package final class RecordScanner {
    /// How a walk ended.
    package enum Outcome {
        /// The record is valid; the position behind its last brace.
        case complete(end: Int)
        /// The index ends before the record does.
        case incomplete
        /// The text at a byte offset is not JSON.
        case malformed(offset: Int, Reason)
    }

    /// What was expected where the grammar broke.
    package enum Reason: Sendable, Hashable {
        case expectedKey, expectedColon, expectedValue, expectedCommaOrBrace, expectedCommaOrBracket
        case badNumber, badLiteral, tooDeep
    }

    /// The nesting that is read; a deeper record is quarantined.
    package static let maximumDepth = 1000

    /// For each open level, whether it is an array.
    ///
    /// Owned, `maximumDepth + 2` long.
    private let isArray: UnsafeMutablePointer<Bool>
    private let table = KnownFieldTable.shared

    /// For each key of the last record, by its place: the known field it was, when it was one.
    ///
    /// Records of one service come with their keys in one order, so the field at a place is most often the one that was
    /// there last time, and needs no hash. Owned, `remembered` long; any content is a mere guess.
    private let guesses: UnsafeMutablePointer<UInt8>
    private static let remembered = 64

    package init() {
        unsafe isArray = .allocate(capacity: Self.maximumDepth + 2)
        unsafe isArray.initialize(repeating: false, count: Self.maximumDepth + 2)
        unsafe guesses = .allocate(capacity: Self.remembered)
        unsafe guesses.initialize(repeating: 0, count: Self.remembered)
    }

    deinit {
        unsafe isArray.deallocate()
        unsafe guesses.deallocate()
    }

    /// Walks the object, or the array, whose first bracket is at `start`.
    ///
    /// - Parameters:
    ///   - window: The text and its index.
    ///   - start: A position that holds `{` or `[`.
    ///   - fields: Room for `KnownField.count` positions; filled with the place of each known field's value, or 0.
    /// - Returns: How the walk ended. `fields` is whole only for a complete record.
    package func scan(_ window: IndexedText, from start: Int, fields: UnsafeMutablePointer<UInt32>) -> Outcome {
        unsafe fields.update(repeating: 0, count: KnownField.count)
        let text = unsafe window.text
        let index = unsafe window.index
        let count = window.indexCount
        var depth = 1
        var inArray = unsafe text[Int(index[start])] == UInt8(ascii: "[")
        var expectsKey = !inArray
        var position = start + 1
        var place = 0
        unsafe isArray[1] = inArray
        let end = inArray ? UInt8(ascii: "]") : UInt8(ascii: "}")
        if position < count, unsafe text[Int(index[position])] == end { return .complete(end: position + 1) }

        while true {
            if expectsKey {
                let key = unsafe Int(index[position])
                guard unsafe text[key] == UInt8(ascii: "\"") else { return stop(window, position, .expectedKey) }
                let colon = unsafe Int(index[position + 1])
                guard unsafe text[colon] == UInt8(ascii: ":") else { return stop(window, position + 1, .expectedColon) }
                position += 2
                if depth == 1 {
                    unsafe note(text, key + 1, colon, position, place, fields)
                    place = (place + 1) & (Self.remembered - 1)
                }
            }
            let offset = unsafe Int(index[position])
            switch unsafe text[offset] {
            case UInt8(ascii: "\""):
                position += 1
            case UInt8(ascii: "{"):
                guard depth < Self.maximumDepth else { return stop(window, position, .tooDeep) }
                position += 1
                guard unsafe text[Int(index[position])] == UInt8(ascii: "}") else {
                    depth += 1
                    unsafe isArray[depth] = false
                    inArray = false
                    expectsKey = true
                    continue
                }
                position += 1
            case UInt8(ascii: "["):
                guard depth < Self.maximumDepth else { return stop(window, position, .tooDeep) }
                position += 1
                guard unsafe text[Int(index[position])] == UInt8(ascii: "]") else {
                    depth += 1
                    unsafe isArray[depth] = true
                    inArray = true
                    expectsKey = false
                    continue
                }
                position += 1
            default:
                if let reason = Self.checkScalar(window, offset) { return stop(window, position, reason) }
                position += 1
            }
            // A value is done: go on with the next one, or close levels.
            while true {
                let next = unsafe text[Int(index[position])]
                if next == UInt8(ascii: ",") {
                    position += 1
                    expectsKey = !inArray
                    break
                }
                guard next == (inArray ? UInt8(ascii: "]") : UInt8(ascii: "}")) else {
                    return stop(window, position, inArray ? .expectedCommaOrBracket : .expectedCommaOrBrace)
                }
                position += 1
                depth -= 1
                if depth == 0 { return position <= count ? .complete(end: position) : .incomplete }
                inArray = unsafe isArray[depth]
            }
        }
    }

    /// Walks any value; like `scan` for one that begins with a bracket.
    ///
    /// - Parameters:
    ///   - window: The text and its index.
    ///   - start: A position in the index.
    ///   - fields: As for `scan`; without meaning for anything but an object.
    /// - Returns: How the walk ended.
    package func scanValue(_ window: IndexedText, at start: Int, fields: UnsafeMutablePointer<UInt32>) -> Outcome {
        let offset = unsafe Int(window.index[start])
        switch unsafe window.text[offset] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return unsafe scan(window, from: start, fields: fields)
        case UInt8(ascii: "\""):
            return .complete(end: start + 1)
        default:
            if let reason = Self.checkScalar(window, offset) { return stop(window, start, reason) }
            return .complete(end: start + 1)
        }
    }

    /// How the brackets of a value pair.
    package enum Pairing {
        /// They do; the position behind the last one.
        case end(Int)
        /// The one at a position has the wrong partner.
        case unpaired(Int)
        /// The window ends before the last one.
        case ranOut
    }

    /// Looks for the bracket that pairs with the one at `start`, without asking for any other grammar.
    package func pairing(_ window: IndexedText, from start: Int) -> Pairing {
        var open: [UInt8] = []
        for position in start..<window.indexCount {
            switch unsafe window.text[Int(window.index[position])] {
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case let byte where byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"):
                guard open.popLast() == byte else { return .unpaired(position) }
            default: break
            }
            if open.isEmpty { return .end(position + 1) }
        }
        return .ranOut
    }

    /// Notes a top-level key, when it is a known one.
    @inline(__always)
    private func note(
        _ text: UnsafePointer<UInt8>,
        _ start: Int,
        _ colon: Int,
        _ value: Int,
        _ place: Int,
        _ fields: UnsafeMutablePointer<UInt32>
    ) {
        var end = colon - 1
        while unsafe text[end] != UInt8(ascii: "\"") { end -= 1 }
        let guess = unsafe Int(guesses[place])
        if unsafe table.isKey(of: guess, text + start, end - start) {
            unsafe fields[guess] = UInt32(truncatingIfNeeded: value)
            return
        }
        // Where lines stand for themselves, a string that is not closed can stand before a colon of the next line.
        guard end >= start else { return }
        var field = unsafe table.find(text + start, end - start)
        if field < 0 {
            field = unsafe table.find(escaped: UnsafeBufferPointer(start: text + start, count: end - start))
        }
        guard field >= 0 else { return }
        unsafe fields[field] = UInt32(truncatingIfNeeded: value)
        unsafe guesses[place] = UInt8(field)
    }

    /// A walk that cannot go on has either met an error or the end of the window.
    private func stop(_ window: IndexedText, _ position: Int, _ reason: Reason) -> Outcome {
        guard position < window.indexCount else { return .incomplete }
        let offset = unsafe Int(window.index[position])
        if reason == .badNumber || reason == .badLiteral {
            // The end of the window may have cut the scalar short.
            var end = offset
            while end < window.count, unsafe !JSONCursor.endsScalar(window.text[end]) { end += 1 }
            if end == window.count { return .incomplete }
        }
        return .malformed(offset: offset, reason)
    }

    /// Checks a scalar that is no string; nil when it is a literal or a number of RFC 8259.
    private static func checkScalar(_ window: IndexedText, _ offset: Int) -> Reason? {
        let rest = unsafe window.text + offset
        let end = unsafe window.text + window.count
        switch unsafe rest[0] {
        case UInt8(ascii: "t"):
            let isTrue =
                unsafe rest[1] == UInt8(ascii: "r") && rest[2] == UInt8(ascii: "u") && rest[3] == UInt8(ascii: "e")
            return unsafe isTrue && ends(rest + 4, end) ? nil : .badLiteral
        case UInt8(ascii: "f"):
            let isFalse =
                unsafe rest[1] == UInt8(ascii: "a") && rest[2] == UInt8(ascii: "l") && rest[3] == UInt8(ascii: "s")
                && rest[4] == UInt8(ascii: "e")
            return unsafe isFalse && ends(rest + 5, end) ? nil : .badLiteral
        case UInt8(ascii: "n"):
            let isNull =
                unsafe rest[1] == UInt8(ascii: "u") && rest[2] == UInt8(ascii: "l") && rest[3] == UInt8(ascii: "l")
            return unsafe isNull && ends(rest + 4, end) ? nil : .badLiteral
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return unsafe isNumber(rest, end) ? nil : .badNumber
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            return .expectedValue
        default:
            return .badLiteral
        }
    }

    private static func isNumber(_ text: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        var next = unsafe text
        func digits() -> Bool {
            let start = unsafe next
            while unsafe next[0] &- UInt8(ascii: "0") < 10 { unsafe next += 1 }
            return unsafe next > start
        }
        if unsafe next[0] == UInt8(ascii: "-") { unsafe next += 1 }
        if unsafe next[0] == UInt8(ascii: "0") {
            unsafe next += 1
        } else if !digits() {
            return false
        }
        if unsafe next[0] == UInt8(ascii: ".") {
            unsafe next += 1
            guard digits() else { return false }
        }
        if unsafe next[0] | 0x20 == UInt8(ascii: "e") {
            unsafe next += 1
            if unsafe next[0] == UInt8(ascii: "+") || next[0] == UInt8(ascii: "-") { unsafe next += 1 }
            guard digits() else { return false }
        }
        return unsafe ends(next, end)
    }

    /// True when a scalar may end before a byte: the zero behind the text is one that says so, any other is damage.
    private static func ends(_ byte: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        unsafe JSONCursor.endsScalar(byte[0]) && (byte[0] != 0 || byte == end)
    }
}

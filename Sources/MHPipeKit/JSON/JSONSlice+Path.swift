extension JSONSlice {
    /// The value below this one, by the keys of objects and the numbers of elements; the last of repeated keys counts.
    ///
    /// For sound JSON that no index goes with, such as what transforms add.
    func value(at keys: ArraySlice<[UInt8]>) -> JSONSlice {
        var value = self
        for key in keys {
            switch value.kind {
            case .object: value = value.member(key)
            case .array: value = FieldReader.elementNumber(key).map { value.element($0) } ?? .missing
            default: return .missing
            }
        }
        return value
    }

    private func member(_ key: [UInt8]) -> JSONSlice {
        var found = JSONSlice.missing
        var walk = unsafe TextWalk(bytes)
        while let name = walk.next(), let value = walk.next() {
            let isKey = unsafe key.withUnsafeBufferPointer { key in
                unsafe JSONText.hasBackslash(name.bytes)
                    ? JSONText.decodedEquals(name.bytes, key) : name.bytes.elementsEqual(key)
            }
            if isKey { found = value }
        }
        return found
    }

    private func element(_ number: Int) -> JSONSlice {
        var walk = unsafe TextWalk(bytes)
        for _ in 0..<number where walk.next() == nil { return .missing }
        return walk.next() ?? .missing
    }
}

/// Walks the values directly inside an object or an array, keys among them.
@safe
private struct TextWalk {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 1

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.bytes = unsafe bytes
    }

    /// The next value, or nil behind the last.
    mutating func next() -> JSONSlice? {
        while unsafe place < bytes.count, unsafe isBetween(bytes[place]) { place += 1 }
        guard unsafe place < bytes.count, unsafe bytes[place] | 0x20 != UInt8(ascii: "}") else { return nil }
        let start = place
        switch unsafe bytes[start] {
        case UInt8(ascii: "\""):
            skipString()
            return slice(.string, start + 1, place - 1)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            skipContainer()
        default:
            while unsafe place < bytes.count, unsafe !isBetween(bytes[place]),
                unsafe bytes[place] | 0x20 != UInt8(ascii: "}")
            { place += 1 }
        }
        return unsafe slice(JSONKind(jsonStartingWith: bytes[start]), start, place)
    }

    private func slice(_ kind: JSONKind, _ start: Int, _ end: Int) -> JSONSlice {
        unsafe JSONSlice(kind: kind, bytes: UnsafeBufferPointer(rebasing: bytes[start..<max(start, end)]))
    }

    private mutating func skipString() {
        place += 1
        while unsafe place < bytes.count, unsafe bytes[place] != UInt8(ascii: "\"") {
            unsafe place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = unsafe min(place + 1, bytes.count)
    }

    private mutating func skipContainer() {
        var depth = 0
        repeat {
            switch unsafe bytes[place] {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            place += 1
        } while unsafe depth > 0 && place < bytes.count
    }

    private func isBetween(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            UInt8(ascii: "\t"):
            true
        default: false
        }
    }
}

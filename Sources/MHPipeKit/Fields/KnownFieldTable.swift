/// Finds a known field by its key with one hash and one comparison.
///
/// The hash has no collision over the known keys; `KnownFieldTableTests` holds that. The memory is written once
/// and never freed, since the one table lives as long as the process.
@safe
package struct KnownFieldTable: @unchecked Sendable /* immutable after init */ {
    /// The table that every scan uses.
    package static let shared = KnownFieldTable()

    /// For each hash: the field's number, or 255.
    private let slots: UnsafeMutablePointer<UInt8>
    /// For each field, 32 bytes: the length of its key, then the key.
    private let keys: UnsafeMutablePointer<UInt8>

    private static let stride = 32

    /// The bytes behind a key that a look-up may read.
    package static let padding = 8
    private static let none: UInt8 = 255

    private init() {
        unsafe slots = .allocate(capacity: 256)
        unsafe slots.initialize(repeating: Self.none, count: 256)
        unsafe keys = .allocate(capacity: KnownField.count * Self.stride + Self.padding)
        unsafe keys.initialize(repeating: 0, count: KnownField.count * Self.stride + Self.padding)
        for field in KnownField.allCases {
            let key = Array(field.key.utf8)
            unsafe key.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe slots[Self.hash(base, bytes.count)] = UInt8(field.rawValue)
                unsafe keys[field.rawValue * Self.stride] = UInt8(bytes.count)
                unsafe (keys + field.rawValue * Self.stride + 1).update(from: base, count: bytes.count)
            }
        }
    }

    /// The number of the known field with this key, or -1.
    ///
    /// `padding` bytes behind the key must be readable, as they are in every indexed text.
    @inline(__always)
    package func find(_ key: UnsafePointer<UInt8>, _ count: Int) -> Int {
        guard count >= 3, count < Self.stride else { return -1 }
        let slot = unsafe slots[Self.hash(key, count)]
        guard slot != Self.none else { return -1 }
        return unsafe isKey(of: Int(slot), key, count) ? Int(slot) : -1
    }

    /// True when a known field has this key, for which `padding` bytes more must be readable.
    @inline(__always)
    package func isKey(of field: Int, _ key: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let entry = unsafe keys + field * Self.stride
        return unsafe Int(entry[0]) == count && Self.isSame(UnsafeRawPointer(entry + 1), UnsafeRawPointer(key), count)
    }

    /// The number of the known field with this key, which may be written with escapes, or -1.
    package func find(escaped key: UnsafeBufferPointer<UInt8>) -> Int {
        guard unsafe JSONText.hasBackslash(key) else {
            return unsafe key.baseAddress.map { unsafe find($0, key.count) } ?? -1
        }
        let decoded = unsafe Array(JSONText.decode(key).utf8)
        let padded = decoded + repeatElement(0, count: Self.padding)
        return unsafe padded.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.map { unsafe find($0, decoded.count) } ?? -1
        }
    }

    /// Compares eight bytes at a time.
    ///
    /// What is read beyond the key is masked out.
    @inline(__always)
    private static func isSame(_ entry: UnsafeRawPointer, _ key: UnsafeRawPointer, _ count: Int) -> Bool {
        var offset = 0
        while count - offset >= 8 {
            guard unsafe word(entry + offset) == word(key + offset) else { return false }
            offset += 8
        }
        let rest = UInt64(count - offset) &* 8
        return unsafe (word(entry + offset) ^ word(key + offset)) & ((1 &<< rest) &- 1) == 0
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    }

    /// The multipliers were searched for, so that the known keys have different hashes.
    @inline(__always)
    private static func hash(_ key: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let first = unsafe UInt32(key[0]) &* 50 &+ UInt32(key[1]) &* 191
        let last = unsafe UInt32(key[count - 3]) &* 92 &+ UInt32(key[count - 1]) &* 215
        return Int((UInt32(truncatingIfNeeded: count) &* 68 &+ first &+ last) & 255)
    }
}

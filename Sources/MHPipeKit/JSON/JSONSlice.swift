/// What a JSON value is.
public enum JSONKind: UInt8, Sendable {
    /// There is no such field.
    case missing
    /// The literal `null`, which is not the same as a missing field.
    case null
    /// `true` or `false`.
    case bool
    /// A number, kept as its text.
    case number
    /// A string.
    case string
    /// An object.
    case object
    /// An array.
    case array
}

/// The bytes of one value, where they stand.
///
/// For a string these are the bytes between the quotes, escapes and all; for everything else the JSON text.
/// Valid while the text it points into lives: built-in plugins use it inside one call and keep none.
@usableFromInline
@safe
package struct JSONSlice {
    @usableFromInline package var kind: JSONKind
    @usableFromInline package var bytes: UnsafeBufferPointer<UInt8>

    @inlinable
    package init(kind: JSONKind, bytes: UnsafeBufferPointer<UInt8>) {
        self.kind = kind
        unsafe self.bytes = unsafe bytes
    }

    /// The slice of a field that is not there.
    @inlinable
    package static var missing: JSONSlice {
        unsafe JSONSlice(kind: .missing, bytes: UnsafeBufferPointer(start: nil, count: 0))
    }

    /// True for a field that is not there, and for `null`.
    @inlinable
    package var isAbsent: Bool {
        kind == .missing || kind == .null
    }

    /// True when the bytes hold a backslash, and so differ from the text they stand for.
    package var isEscaped: Bool {
        unsafe kind == .string && JSONText.hasBackslash(bytes)
    }

    /// The text of a string, or nil for any other kind; unpaired surrogates become U+FFFD.
    package var string: String? {
        unsafe kind == .string ? JSONText.decode(bytes) : nil
    }

    /// The text of a string that is not empty: what the identity rules call a value.
    package var nonEmptyString: String? {
        unsafe kind == .string && !bytes.isEmpty ? JSONText.decode(bytes) : nil
    }

    /// True when this is a string with exactly this text, escapes considered.
    package func isString(_ text: StaticString) -> Bool {
        guard kind == .string else { return false }
        if unsafe bytes.count == text.utf8CodeUnitCount {
            guard let base = unsafe bytes.baseAddress else { return true }
            return unsafe equalBytes(base, text.utf8Start, bytes.count)
        }
        return isEscaped && string == text.description
    }

    /// The value of a JSON boolean, or of the strings `true` and `false`.
    package var flag: Bool? {
        switch kind {
        case .bool: unsafe bytes.first == UInt8(ascii: "t")
        case .string: isString("true") ? true : isString("false") ? false : nil
        default: nil
        }
    }
}

/// True when two runs of bytes are the same.
@inlinable
@inline(__always)
package func equalBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var position = 0
    while position < count {
        guard unsafe left[position] == right[position] else { return false }
        position += 1
    }
    return true
}

/// JSON texts in memory, held to the grammar from the first byte to the last.
package enum StrictJSON {
    /// The values that stand one behind the other; nil when any of it is not JSON, or not UTF-8.
    package static func values(_ bytes: [UInt8]) -> [JSONValue]? {
        guard let window = IndexedText(copying: bytes), window.defects.isEmpty else { return nil }
        let fields = UnsafeMutablePointer<UInt32>.allocate(capacity: KnownField.count)
        defer { unsafe fields.deallocate() }
        let scanner = RecordScanner()
        var values: [JSONValue] = []
        var position = 0
        while position < window.indexCount {
            guard case .complete(let end) = unsafe scanner.scanValue(window, at: position, fields: fields) else {
                return nil
            }
            values.append(JSONValue(window: window, position: position))
            position = end
        }
        return values
    }

    /// The object that a text is; nil when it is anything else.
    package static func object(_ bytes: [UInt8]) -> JSONValue? {
        guard let values = values(bytes), values.count == 1, values[0].kind == .object else { return nil }
        return values[0]
    }
}

extension JSONValue {
    /// True when a key of the object, with whatever value, is there.
    package func has(_ key: String) -> Bool { self[key] != nil }

    /// The text under a key; nil when there is none, or something else.
    package func text(_ key: String) -> String? { self[key]?.string }
}

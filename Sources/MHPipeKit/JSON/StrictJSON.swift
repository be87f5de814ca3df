/// JSON texts in memory, held to the grammar from the first byte to the last (RFC 8259).
package enum StrictJSON {
    /// What stands where JSON has something else.
    package struct Flaw: Error, Sendable, Hashable {
        /// The byte; the number of them all where the text ends too early.
        package var offset: Int
        /// What is wrong, in words: lower case, no full stop.
        package var reason: String
    }

    /// One of several values in a text.
    package struct Part {
        package let value: JSONValue
        fileprivate let start: Int

        /// The bytes that it stands in.
        package var range: Range<Int> { start..<start + value.json.utf8.count }
    }

    /// The values that stand one behind the other, with nothing but white space between them.
    ///
    /// - Parameter bytes: The text; empty, it holds none.
    /// - Returns: The values.
    /// - Throws: `Flaw` when any of it is not JSON, or not UTF-8.
    package static func parts(_ bytes: [UInt8]) throws(Flaw) -> [Part] {
        // What ends the text ends its last word or number as well, which was not cut short.
        guard let window = IndexedText(copying: bytes + [0x0A]) else {
            let quote = unsafe bytes.withUnsafeBufferPointer { unsafe ScalarIndexer.index($0).unclosedString }
            throw Flaw(offset: quote ?? 0, reason: "a string is not closed")
        }
        if let defect = window.defects.first { throw Flaw(offset: defect.offset, reason: reason(defect)) }
        let fields = UnsafeMutablePointer<UInt32>.allocate(capacity: KnownField.count)
        defer { unsafe fields.deallocate() }
        let scanner = RecordScanner()
        var parts: [Part] = []
        var position = 0
        while position < window.indexCount {
            switch unsafe scanner.scanValue(window, at: position, fields: fields) {
            case .complete(let end):
                let value = JSONValue(window: window, position: position)
                parts.append(unsafe Part(value: value, start: Int(window.index[position])))
                position = end
            case .incomplete: throw Flaw(offset: bytes.count, reason: "the text ends too early")
            case .malformed(let offset, let reason): throw Flaw(offset: offset, reason: Self.reason(reason))
            }
        }
        return parts
    }

    /// The same values alone; nil when any of it is not JSON, or not UTF-8.
    package static func values(_ bytes: [UInt8]) -> [JSONValue]? { try? parts(bytes).map(\.value) }

    /// The object that a text is; nil when it is anything else.
    package static func object(_ bytes: [UInt8]) -> JSONValue? {
        JSONValue(parsing: bytes).flatMap { $0.kind == .object ? $0 : nil }
    }

    private static func reason(_ defect: TextDefect) -> String {
        switch defect.reason {
        case .invalidUTF8: "this is not UTF-8"
        case .controlCharacter: "a string holds a control character, which JSON writes as an escape"
        case .invalidEscape: "JSON has no such escape"
        }
    }

    private static func reason(_ reason: RecordScanner.Reason) -> String {
        switch reason {
        case .expectedKey: "a key in double quotes is expected here"
        case .expectedColon: "a colon is expected here"
        case .expectedValue: "a value is expected here"
        case .expectedCommaOrBrace: "a comma or '}' is expected here"
        case .expectedCommaOrBracket: "a comma or ']' is expected here"
        case .badNumber: "JSON has no such number"
        case .badLiteral: "JSON has no such word: texts stand in double quotes"
        case .tooDeep: "it is nested too deeply"
        }
    }
}

extension JSONValue {
    /// Reads a text that is one JSON value and nothing else, which is copied; nil for any other text.
    package init?(parsing json: String) { self.init(parsing: Array(json.utf8)) }

    /// The same of bytes, which have to be UTF-8.
    package init?(parsing bytes: [UInt8]) {
        guard let values = StrictJSON.values(bytes), values.count == 1 else { return nil }
        self = values[0]
    }
}

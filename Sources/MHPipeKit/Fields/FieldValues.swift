/// The values of a `FieldSet` in one event, numbered as its paths are.
///
/// It is lent to a closure and cannot be kept: the bytes are those of the batch.
@safe
public struct FieldValues: ~Copyable {
    // Invariant: as many slices as the set has paths, valid while the set reads no other row.
    private let slices: UnsafeBufferPointer<JSONSlice>
    /// The event's row, for use with `AddedColumn`.
    public let row: Int

    init(_ slices: UnsafeBufferPointer<JSONSlice>, row: Int) {
        unsafe self.slices = unsafe slices
        self.row = row
    }

    /// What a value is; `.missing` where the event has no such field.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: The kind.
    public func kind(_ field: Int) -> JSONKind { unsafe slices[field].kind }

    /// True for a field that is not there, and for `null`.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: Whether there is nothing to read.
    public func isAbsent(_ field: Int) -> Bool { unsafe slices[field].isAbsent }

    /// The text of a string, escapes resolved, or nil for any other kind; unpaired surrogates become U+FFFD.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: A copy of the text.
    public func string(_ field: Int) -> String? { unsafe slices[field].string }

    /// The value of a boolean, or nil for any other kind.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: The value.
    public func bool(_ field: Int) -> Bool? { unsafe slices[field].kind == .bool ? slices[field].flag : nil }

    /// The number, when it is a whole one that fits; nil otherwise.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: The value.
    public func int(_ field: Int) -> Int? { unsafe slices[field].kind == .number ? Int(json(field)) : nil }

    /// The number as the nearest double, or nil for any other kind.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: The value.
    public func double(_ field: Int) -> Double? { unsafe slices[field].kind == .number ? Double(json(field)) : nil }

    /// The JSON text of a value, empty for a missing one.
    ///
    /// - Parameter field: The number of its path.
    /// - Returns: A copy of the text.
    public func json(_ field: Int) -> String {
        let text = unsafe String(decoding: slices[field].bytes, as: UTF8.self)
        return unsafe slices[field].kind == .string ? "\"\(text)\"" : text
    }

    /// Lends the text of a value without copying it: a string's with its escapes resolved, for everything else its JSON
    /// text; empty for a missing one.
    ///
    /// - Parameters:
    ///   - field: The number of its path.
    ///   - body: Takes the text as UTF-8.
    /// - Returns: What `body` gives.
    /// - Throws: What `body` throws.
    public func withText<Result>(_ field: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let slice = unsafe slices[field]
        guard slice.isEscaped else { return try unsafe body(slice.bytes.span) }
        let decoded = unsafe Array(JSONText.decode(slice.bytes).utf8)
        return try body(decoded.span)
    }

    /// The slice of a field, for those that know what they point into.
    package func slice(_ field: Int) -> JSONSlice { unsafe slices[field] }
}

extension EventBatch {
    /// Reads some fields of every selected event.
    ///
    /// - Parameters:
    ///   - fields: The fields.
    ///   - body: Called once for every event, in order, with the values of its fields.
    /// - Throws: What `body` throws.
    public func forEach(_ fields: FieldSet, _ body: (borrowing FieldValues) throws -> Void) rethrows {
        guard isOpen else { return }
        fields.attach(self)
        defer { fields.detach() }
        for row in selection { try unsafe body(FieldValues(fields.read(row), row: row)) }
    }

    /// Keeps the selected events whose fields pass a test, in their order; like `keep(as:where:)`.
    ///
    /// - Parameters:
    ///   - fields: The fields.
    ///   - reason: What the runtime counts those that leave as.
    ///   - isKept: Called once for every event, with the values of its fields.
    /// - Throws: What `isKept` throws; nothing is dropped then.
    public func keep(
        _ fields: FieldSet,
        as reason: DropReason = .filtered,
        where isKept: (borrowing FieldValues) throws -> Bool
    ) rethrows {
        guard isOpen else { return }
        fields.attach(self)
        defer { fields.detach() }
        try keepRows(as: reason) { try unsafe isKept(FieldValues(fields.read($0), row: $0)) }
    }
}

/// A JSON value, read where it stands.
///
/// Members and elements are found by walking the record's index when they are asked for; nothing is decoded before.
/// Valid as long as the batch it came from: inside one call of a transform or an encoder.
public struct JSONValue {
    /// What keeps the bytes, and says until when they may be read.
    private enum Owner {
        case batch(EventBatch)
        case text(IndexedText)
    }

    private let slice: JSONSlice
    private let owner: Owner
    /// The window the value stands in, unless a transform added it.
    private let window: IndexedText?
    private let position: Int

    /// A value that stands in a record of a batch.
    package init(_ batch: EventBatch, position: Int) {
        unsafe self.init(owner: .batch(batch), window: batch.window, position: position)
    }

    /// A value that a transform has added to a batch.
    package init(_ batch: EventBatch, _ slice: JSONSlice) {
        self.slice = slice
        owner = .batch(batch)
        window = nil
        position = -1
    }

    /// A value in a text that owns its memory.
    package init(window: IndexedText, position: Int) {
        self.init(owner: .text(window), window: window, position: position)
    }

    private init(owner: Owner, window: IndexedText, position: Int) {
        slice = JSONCursor(window).slice(position)
        self.owner = owner
        self.window = window
        self.position = position
    }

    /// Reads a text that was proven to be one JSON value, such as that of a field, which is copied.
    ///
    /// Nothing is proven again: of any other text it gives whatever begins it. `init(parsing:)` is for those.
    package init?(sound json: String) {
        guard let window = IndexedText(copying: Array("[\(json)]".utf8)) else { return nil }
        self.init(window: window, position: 1)
    }

    /// True until the call is over that the value's batch was handed to.
    private var isOpen: Bool {
        switch owner {
        case .batch(let batch): batch.isOpen
        case .text: true
        }
    }

    /// What the value is; never `.missing`.
    public var kind: JSONKind { slice.kind }

    /// True for the literal `null`.
    public var isNull: Bool { slice.kind == .null }

    /// The text of a string, escapes resolved, or nil for any other kind.
    ///
    /// Unpaired surrogates become U+FFFD.
    public var string: String? { isOpen ? slice.string : nil }

    /// The value of a boolean, or nil for any other kind.
    public var bool: Bool? { slice.kind == .bool && isOpen ? slice.flag : nil }

    /// The number, when it is a whole one that fits; nil otherwise.
    public var int: Int? { slice.kind == .number ? Int(json) : nil }

    /// The number as the nearest double, or nil for any other kind.
    public var double: Double? { slice.kind == .number ? Double(json) : nil }

    /// The JSON text of the value, as it stands in the record.
    public var json: String {
        guard isOpen else { return "null" }
        let text = unsafe String(decoding: slice.bytes, as: UTF8.self)
        return slice.kind == .string ? "\"\(text)\"" : text
    }

    /// The value under a key of an object, or nil; the last of repeated keys counts.
    ///
    /// - Complexity: O(*n*) in the tokens of the object.
    public subscript(key: String) -> JSONValue? {
        guard let window, slice.kind == .object, isOpen else { return nil }
        let found = unsafe Array(key.utf8).withUnsafeBufferPointer { unsafe JSONCursor(window).find($0, in: position) }
        return found < 0 ? nil : JSONValue(owner: owner, window: window, position: found)
    }

    /// The elements of an array, or nothing for any other kind.
    public var elements: [JSONValue] {
        guard let window, slice.kind == .array, isOpen else { return [] }
        let cursor = JSONCursor(window)
        var values: [JSONValue] = []
        var next = position + 1
        while cursor.byte(at: next) != UInt8(ascii: "]") {
            values.append(JSONValue(owner: owner, window: window, position: next))
            next = cursor.skip(next)
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return values
    }

    /// The members of an object in their order, repeated keys included, or nothing for any other kind.
    public var members: [(key: String, value: JSONValue)] {
        guard let window, slice.kind == .object, isOpen else { return [] }
        let cursor = JSONCursor(window)
        var members: [(key: String, value: JSONValue)] = []
        var next = position + 1
        while cursor.byte(at: next) == UInt8(ascii: "\"") {
            let key = unsafe JSONText.decode(cursor.stringBytes(next))
            members.append((key, JSONValue(owner: owner, window: window, position: next + 2)))
            next = cursor.skip(next + 2)
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return members
    }
}

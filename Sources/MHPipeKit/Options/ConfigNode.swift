/// A value as it was written: text, a list, a mapping, or nothing; every scalar is still text.
///
/// The parser of pipeline files makes these with spans, the command line makes them without. Option types turn them
/// into values.
public struct ConfigNode: Sendable, Hashable {
    /// What the value is.
    public indirect enum Content: Sendable, Hashable {
        /// Nothing was written.
        case null
        /// A scalar.
        case text(String)
        /// A list.
        case list([ConfigNode])
        /// A mapping, in the order of the file.
        case mapping([ConfigEntry])
    }

    /// What the value is.
    public var content: Content
    /// Where it stands, when it stands in a file.
    public var span: SourceSpan?
    /// Where each character of a scalar stands, when it stands in a file.
    package var places: TextPlaces?

    /// Makes a value.
    ///
    /// - Parameters:
    ///   - content: What it is.
    ///   - span: Where it stands.
    public init(_ content: Content, span: SourceSpan? = nil) {
        self.content = content
        self.span = span
    }

    /// Makes a scalar that stands in a file.
    package init(text: String, span: SourceSpan, places: TextPlaces) {
        self.init(.text(text), span: span)
        self.places = places
    }

    /// The text of a scalar, or nil.
    public var text: String? {
        if case .text(let text) = content { text } else { nil }
    }

    /// The entries of a mapping, or nil.
    public var entries: [ConfigEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The elements of a list, or nil.
    public var elements: [ConfigNode]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The value under a key of a mapping, or nil.
    public subscript(key: String) -> ConfigNode? {
        entries?.first { $0.key == key }?.value
    }

    /// All scalars in it, itself or what lists and mappings hold, in the order of the file.
    package var scalars: [ConfigNode] {
        switch content {
        case .null: []
        case .text: [self]
        case .list(let elements): elements.flatMap(\.scalars)
        case .mapping(let entries): entries.flatMap(\.value.scalars)
        }
    }

    /// What it is, for messages: `a list`.
    public var kindName: String {
        switch content {
        case .null: "nothing"
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A key of a mapping and its value.
public struct ConfigEntry: Sendable, Hashable {
    /// The key.
    public var key: String
    /// Where the key stands.
    public var keySpan: SourceSpan?
    /// The value.
    public var value: ConfigNode

    /// Makes an entry.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - keySpan: Where it stands.
    ///   - value: The value.
    public init(key: String, keySpan: SourceSpan? = nil, value: ConfigNode) {
        self.key = key
        self.keySpan = keySpan
        self.value = value
    }

    /// Where a text of the value stands, the last one that reads so; else the value.
    package func span(of text: String?) -> SourceSpan? {
        let part = text.flatMap { text in value.scalars.last { $0.text == text } }
        return part?.span ?? value.span ?? keySpan
    }
}

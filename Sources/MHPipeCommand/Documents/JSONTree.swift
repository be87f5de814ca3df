import MHPipeKit

/// A JSON value, filled while something encodes itself.
final class JSONTree {
    enum Content {
        /// Nothing was said so far.
        case none
        /// The JSON text of a number, a string, a boolean or null.
        case scalar(String)
        case array([JSONTree])
        case object([String: JSONTree])
    }

    fileprivate(set) var content: Content

    fileprivate init(_ content: Content = .none) {
        self.content = content
    }

    /// What a value says of itself.
    ///
    /// - Throws: What the value throws, and `EncodingError` for a number that is not finite.
    static func of(_ value: some Encodable, at path: [any CodingKey] = []) throws -> JSONTree {
        switch value {
        case let text as String: return JSONTree(.scalar(quoted(text)))
        case let flag as Bool: return JSONTree(.scalar(flag ? "true" : "false"))
        case let number as any BinaryInteger: return JSONTree(.scalar("\(number)"))
        case let number as any BinaryFloatingPoint:
            guard let text = decimal(Double(number)) else {
                let context = EncodingError.Context(codingPath: path, debugDescription: "\(number) has no JSON")
                throw EncodingError.invalidValue(value, context)
            }
            return JSONTree(.scalar(text))
        default:
            let tree = JSONTree()
            try value.encode(to: JSONTreeEncoder(tree: tree, codingPath: path))
            return tree
        }
    }

    /// A text in its quotes.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.escape(text.utf8, into: &bytes)
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }

    /// A whole number stands without a fraction.
    private static func decimal(_ number: Double) -> String? {
        guard number.isFinite else { return nil }
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    fileprivate func set(_ value: JSONTree, _ key: String) {
        var members = if case .object(let members) = content { members } else { [String: JSONTree]() }
        // One reference, so that the members are not copied.
        content = .none
        members[key] = value
        content = .object(members)
    }

    fileprivate func append(_ value: JSONTree) {
        var elements = if case .array(let elements) = content { elements } else { [JSONTree]() }
        content = .none
        elements.append(value)
        content = .array(elements)
    }

    fileprivate var count: Int { if case .array(let elements) = content { elements.count } else { 0 } }
}

/// Fills a tree with what a value says.
private struct JSONTreeEncoder: Encoder {
    let tree: JSONTree
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .none = tree.content { tree.content = .object([:]) }
        return KeyedEncodingContainer(Members(tree: tree, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .none = tree.content { tree.content = .array([]) }
        return Elements(tree: tree, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Scalar(tree: tree, codingPath: codingPath) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { tree.set(JSONTree(.scalar("null")), key.stringValue) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        tree.set(try JSONTree.of(value, at: codingPath + [key]), key.stringValue)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key.stringValue, key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key.stringValue, key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { nested("super", nil) }

    func superEncoder(forKey key: Key) -> any Encoder { nested(key.stringValue, key) }

    private func nested(_ name: String, _ key: Key?) -> JSONTreeEncoder {
        let below = JSONTree()
        tree.set(below, name)
        return JSONTreeEncoder(tree: below, codingPath: codingPath + (key.map { [$0] } ?? []))
    }
}

private struct Elements: UnkeyedEncodingContainer {
    let tree: JSONTree
    let codingPath: [any CodingKey]
    var count: Int { tree.count }

    func encodeNil() { tree.append(JSONTree(.scalar("null"))) }

    func encode<Value: Encodable>(_ value: Value) throws { tree.append(try JSONTree.of(value, at: codingPath)) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

    func superEncoder() -> any Encoder { nested() }

    private func nested() -> JSONTreeEncoder {
        let below = JSONTree()
        tree.append(below)
        return JSONTreeEncoder(tree: below, codingPath: codingPath)
    }
}

private struct Scalar: SingleValueEncodingContainer {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    func encodeNil() { tree.content = .scalar("null") }

    func encode<Value: Encodable>(_ value: Value) throws {
        tree.content = try JSONTree.of(value, at: codingPath).content
    }
}

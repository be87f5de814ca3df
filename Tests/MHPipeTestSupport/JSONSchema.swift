public import Foundation

/// A JSON value whose types are kept apart.
public indirect enum JSONTree: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Reads any value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// The member of an object; nil for anything else.
    public subscript(key: String) -> JSONTree? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The elements of an array; none for anything else.
    public var elements: [JSONTree] { if case .array(let elements) = self { elements } else { [] } }

    /// A text; nil for anything else.
    public var text: String? { if case .string(let text) = self { text } else { nil } }

    /// A whole number; nil for anything else.
    public var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }

    fileprivate var typeNames: Set<String> {
        switch self {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .number: integer == nil ? ["number"] : ["number", "integer"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}

/// A JSON Schema (draft 2020-12), as far as those of `docs/schema` go; a keyword that is not known is a mistake.
public struct JSONSchema {
    private let documents: [String: JSONTree]
    private let name: String

    /// Reads a schema, and those beside it that it refers to.
    public init(_ file: URL) throws {
        let folder = file.deletingLastPathComponent()
        var documents: [String: JSONTree] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        where name.hasSuffix(".json") {
            documents[name] = try JSONDecoder().decode(
                JSONTree.self,
                from: Data(contentsOf: folder.appending(path: name))
            )
        }
        (self.documents, name) = (documents, file.lastPathComponent)
    }

    /// What is wrong with a value; empty when it is as the schema says.
    public func mistakes(_ value: JSONTree) -> [String] {
        guard let schema = documents[name] else { return ["there is no \(name)"] }
        return mistakes(value, schema, in: name, at: "$")
    }

    private func mistakes(_ value: JSONTree, _ schema: JSONTree, in document: String, at place: String) -> [String] {
        guard case .object(let keywords) = schema else {
            return schema == .bool(true) ? [] : ["\(place): nothing is allowed here"]
        }
        return keywords.sorted { $0.key < $1.key }.flatMap { keyword, rule in
            mistakes(value, keyword, rule, keywords, document, place)
        }
    }

    private func mistakes(
        _ value: JSONTree,
        _ keyword: String,
        _ rule: JSONTree,
        _ all: [String: JSONTree],
        _ document: String,
        _ place: String
    ) -> [String] {
        func check(_ condition: Bool, _ what: String) -> [String] { condition ? [] : ["\(place): \(what)"] }
        switch keyword {
        case "$schema", "$id", "$defs", "title", "description": return []
        case "type":
            let names = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
            return check(!value.typeNames.isDisjoint(with: names), "is not \(names)")
        case "const": return check(value == rule, "is not \(rule)")
        case "enum": return check(rule.elements.contains(value), "\(value) is none of \(rule)")
        case "minimum":
            guard case .number(let number) = value, case .number(let least) = rule else { return [] }
            return check(number >= least, "is less than \(least)")
        case "pattern":
            guard let text = value.text, let pattern = rule.text else { return [] }
            return check(
                text.range(of: pattern, options: .regularExpression) != nil,
                "'\(text)' is not like \(pattern)"
            )
        case "required":
            return rule.elements.compactMap(\.text).flatMap { check(value[$0] != nil || value == .null, "lacks \($0)") }
        case "properties":
            guard case .object(let rules) = rule else { return [] }
            return rules.sorted { $0.key < $1.key }.flatMap { key, rule in
                value[key].map { mistakes($0, rule, in: document, at: "\(place).\(key)") } ?? []
            }
        case "additionalProperties":
            guard case .object(let members) = value else { return [] }
            return members.sorted { $0.key < $1.key }.filter { all["properties"]?[$0.key] == nil }.flatMap {
                mistakes($0.value, rule, in: document, at: "\(place).\($0.key)")
            }
        case "items":
            return value.elements.enumerated().flatMap { number, element in
                mistakes(element, rule, in: document, at: "\(place)[\(number)]")
            }
        case "oneOf":
            let results = rule.elements.map { mistakes(value, $0, in: document, at: place) }
            let fitting = results.count { $0.isEmpty }
            if fitting == 1 { return [] }
            return ["\(place): \(fitting) of \(results.count) forms fit"] + (results.min { $0.count < $1.count } ?? [])
        case "$ref":
            let parts = (rule.text ?? "").split(separator: "#", omittingEmptySubsequences: false)
            let document = parts.first.flatMap { $0.isEmpty ? nil : String($0) } ?? document
            guard var schema = documents[document] else { return ["\(place): there is no \(document)"] }
            for key in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
                guard let next = schema[String(key)] else { return ["\(place): there is no \(rule)"] }
                schema = next
            }
            return mistakes(value, schema, in: document, at: place)
        default: return ["\(place): the keyword \(keyword) is not known here"]
        }
    }
}

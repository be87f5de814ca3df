extension String: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "a text" }

    /// Takes the text as it is.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` for a list, a mapping or nothing.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs a text, not \(node.kindName)") }
        self = text
    }

    /// The text itself.
    public var optionText: String { self }
}

extension Int: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "a whole number" }

    /// Reads decimal digits with an optional sign.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` for anything else.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text, let number = Int(text) else {
            throw OptionError("needs a whole number, not \(node.shown)")
        }
        self = number
    }

    /// The decimal digits.
    public var optionText: String { String(self) }
}

extension Bool: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "true or false" }

    /// Reads `true` or `false`; `yes` and `on` are texts, as in YAML 1.2.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` for anything else.
    public init(config node: ConfigNode) throws(OptionError) {
        switch node.text {
        case "true": self = true
        case "false": self = false
        default: throw OptionError("needs true or false, not \(node.shown)")
        }
    }

    /// `true` or `false`.
    public var optionText: String { String(self) }
}

extension Array: OptionValue where Element: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "a list, each element \(Element.typeName)" }

    /// Reads a list; a single value is a list of one.
    ///
    /// - Parameter node: A list or a scalar.
    /// - Throws: `OptionError` when an element cannot be read.
    public init(config node: ConfigNode) throws(OptionError) {
        var values: [Element] = []
        for element in node.elements ?? [node] {
            do {
                values.append(try Element(config: element))
            } catch {
                var placed = error
                placed.span = placed.span ?? element.span
                throw placed
            }
        }
        self = values
    }

    /// The elements in brackets, in quotes where they need them.
    public var optionText: String { "[" + map(\.elementText).joined(separator: ", ") + "]" }

    /// What the elements read or write.
    public var pathUses: [PathUse] { flatMap { $0.pathUses } }

    /// The fields that the elements name.
    public var fieldPaths: [FieldPath] { flatMap { $0.fieldPaths } }
}

extension Dictionary: OptionValue where Key == String, Value: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "a mapping, each value \(Value.typeName)" }

    /// Reads a mapping; its keys are texts.
    ///
    /// - Parameter node: A mapping.
    /// - Throws: `OptionError` for anything else, and when a value cannot be read.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let entries = node.entries else { throw OptionError("needs a mapping, not \(node.shown)") }
        var values: [String: Value] = [:]
        for entry in entries {
            do {
                values[entry.key] = try Value(config: entry.value)
            } catch {
                var placed = error
                placed.message = "at '\(entry.key)' \(error.message)"
                placed.span = placed.span ?? entry.value.span ?? entry.keySpan
                throw placed
            }
        }
        self = values
    }

    /// The entries in braces, by the order of their keys.
    public var optionText: String {
        let entries = sorted { $0.key < $1.key }.map { "\($0.key.listElement): \($0.value.elementText)" }
        return "{" + entries.joined(separator: ", ") + "}"
    }

    /// What the values read or write.
    public var pathUses: [PathUse] { sorted { $0.key < $1.key }.flatMap(\.value.pathUses) }

    /// The fields that the values name.
    public var fieldPaths: [FieldPath] { sorted { $0.key < $1.key }.flatMap(\.value.fieldPaths) }
}

extension Optional: OptionValue where Wrapped: OptionValue {
    /// What the user has to write.
    public static var typeName: String { Wrapped.typeName }

    /// Reads a value that may be left out.
    ///
    /// - Parameter node: What was written.
    /// - Throws: `OptionError` when it cannot be read.
    public init(config node: ConfigNode) throws(OptionError) {
        self = try Wrapped(config: node)
    }

    /// The value, or nothing.
    public var optionText: String { self?.optionText ?? "" }

    /// What the value reads or writes.
    public var pathUses: [PathUse] { self?.pathUses ?? [] }

    /// The fields that the value names.
    public var fieldPaths: [FieldPath] { self?.fieldPaths ?? [] }
}

extension FieldPath: OptionValue {
    /// What the user has to write.
    public static var typeName: String { "a field path" }

    /// Reads a path such as `userIdentity.type`.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` when it is no path.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text, !text.isEmpty else {
            throw OptionError("needs a field path such as userIdentity.type, not \(node.shown)")
        }
        do {
            self = try FieldPath(parsing: text)
        } catch {
            throw OptionError("is no field path: \(error)")
        }
        // Most have no bracket, and a pattern is dear to make.
        guard text.utf8.contains(UInt8(ascii: "[")), !text.contains("\""), text.contains(/\[[0-9]+\](\.|$)/) else {
            return
        }
        let path = text.replacing(/\[([0-9]+)\]/) { ".\($0.1)" }
        let label = "conditions write '\(text)', field paths '\(path)'"
        throw OptionError("has an element in brackets: '\(text)'", label: label, at: text)
    }

    /// The path as it is written in pipelines.
    public var optionText: String { text }

    /// The path itself.
    public var fieldPaths: [FieldPath] { [self] }
}

/// A type with a handful of values, each written as its raw value.
public protocol OptionChoice: OptionValue, CaseIterable, RawRepresentable where RawValue == String {}

extension OptionChoice {
    /// The values.
    public static var typeName: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }

    /// Reads one of the values.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` for a word that is none of them.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let value = node.text.flatMap(Self.init(rawValue:)) else {
            let words = Self.allCases.map(\.rawValue)
            let label = node.text.flatMap { Suggestion.label(for: $0, among: words) }
            throw OptionError("needs one of \(words.joined(separator: ", ")), not \(node.shown)", label: label)
        }
        self = value
    }

    /// The raw value.
    public var optionText: String { rawValue }
}

extension ConfigNode {
    /// What was written, for messages: `'many'`, `a list`, or `an empty list`, where one with something in it would do.
    public var shown: String {
        if let text { return "'\(text)'" }
        if elements?.isEmpty == true { return "an empty list" }
        return entries?.isEmpty == true ? "an empty mapping" : kindName
    }
}

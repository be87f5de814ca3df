package import MHPipeKit

/// A condition on events as options take it: `userIdentity.type == "Root" && !has(errorCode)`.
///
/// The language is a subset of CEL, the Common Expression Language, without types and two-valued: `docs/conditions.md`
/// says what is in it, and what differs. A plugin has options of this type and makes a `ConditionTest` of each value.
package struct Condition: FieldChecking {
    /// What has to be written.
    package static var typeName: String { "a condition" }

    /// As it was written.
    package let text: String
    /// The fields that it reads, each once, as a field set needs them.
    package let fields: [FieldPath]

    let expression: Expression
    private let node: ConfigNode

    /// Reads a condition; throws for what is none, at the place of the mistake.
    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs a condition, not \(node.shown)") }
        do throws(ConditionMistake) {
            guard !text.allSatisfy(\.isWhitespace) else {
                throw ConditionMistake("needs a condition", at: 0..<text.utf8.count, label: "as in has(errorCode)")
            }
            expression = try Parser.parse(text)
            try expression.checkCondition()
        } catch {
            throw OptionError(error.message, label: error.label, span: node.span(ofBytes: error.range))
        }
        self.text = text
        self.node = node
        var fields: [FieldPath] = []
        for field in expression.fields where !fields.contains(field) { fields.append(field) }
        self.fields = fields
    }

    /// Reads a condition that stands in no file; throws for what is none.
    package init(_ text: String) throws(OptionError) {
        try self.init(config: ConfigNode(.text(text)))
    }

    /// As it was written.
    package var optionText: String { text }

    /// Every field that it names, also by way of a quantifier's element.
    package var writtenFields: [WrittenField] {
        expression.mentions.map { mention in
            WrittenField(
                mention.path,
                span: node.span(ofBytes: mention.range),
                keySpans: mention.ranges.compactMap { node.span(ofBytes: $0) }
            )
        }
    }

    /// What it takes them for.
    package var fieldUses: [FieldUsage] {
        let bytes = Array(text.utf8)
        return UseList(of: expression).uses.map { use in
            FieldUsage(
                use.mention.path,
                use.use,
                span: node.span(ofBytes: use.mention.range),
                constant: use.constant.map { String(decoding: bytes[$0], as: UTF8.self) },
                constantSpan: use.constant.flatMap { node.span(ofBytes: $0) }
            )
        }
    }
}

import MHPipeKit

/// A transform of which the check does not know what it adds.
struct Undeclared: Transform {
    static let name = "undeclared"
    static let summary = "Does not say what it adds."

    init(_ options: NoOptions, _ context: PluginContext) {}

    func process(_ batch: EventBatch) {}
}

/// A transform with fields in all places where options have some.
struct FieldsEverywhere: Transform {
    static let name = "fields_everywhere"
    static let summary = "Has field paths in options of several types."

    struct Own: OptionValue {
        var field = FieldPath("eventName")

        static var typeName: String { "a mapping with a field" }
        var optionText: String { "{field: \(field.text)}" }
        var fieldPaths: [FieldPath] { [field] }

        init() {}

        init(config node: ConfigNode) throws(OptionError) {
            field = try FieldPath(config: node["field"] ?? node)
        }
    }

    struct Options: PluginOptions {
        var one: FieldPath?
        var list: [FieldPath] = []
        var mapping: [String: FieldPath] = [:]
        var own = Own()

        static let all: [Option<Options>] = [
            .optional("one", \.one, "A path."),
            .optional("list", \.list, "Paths."),
            .optional("mapping", \.mapping, "Paths by names."),
            .optional("own", \.own, "A path in a type of its own."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    static func adds(_ options: Options) -> [EventField]? { [] }

    func process(_ batch: EventBatch) {}
}

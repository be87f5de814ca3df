import MHPipeKit

/// A transform with every kind of option that a page can show.
struct SamplePlugin: Transform {
    static let name = "sample"
    static let summary = "Does nothing | with options."

    struct Options: PluginOptions {
        var field = ""
        var limit = 5
        var note: String?
        var fields = (1...20).map { "field\($0)" }

        static let all: [Option<Options>] = [
            .required("field", \.field, "The field, or **all**, to look at.", example: "eventName"),
            .optional("limit", \.limit, "How many are kept.", example: "10"),
            .optional("note", \.note, "A text."),
            .optional("fields", \.fields, "Many fields."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch) {}
}

/// A plugin without options.
struct PlainPlugin: Transform {
    static let name = "plain"
    static let summary = "Does nothing."

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch) {}
}

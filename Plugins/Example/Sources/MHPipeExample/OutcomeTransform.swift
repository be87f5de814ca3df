import MHPipeKit

/// Sends calls that failed one way, and all others another.
struct OutcomeTransform: RoutingTransform {
    static let name = "outcome"
    static let summary = "Tells calls that failed from all others."

    private let error = FieldPath("errorCode")

    init(_ options: NoOptions, _ context: PluginContext) {}

    static func ports(_ options: NoOptions) -> [String] { ["worked", "failed"] }

    static func adds(_ options: NoOptions) -> [EventField]? { [] }

    func process(_ batch: EventBatch, into outputs: PortOutputs) {
        for event in batch { outputs.send(event, to: event[error] == nil ? 0 : 1) }
    }
}

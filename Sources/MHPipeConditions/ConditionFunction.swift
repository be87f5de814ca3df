import MHPipeKit
import MHPipeMatching

/// A function of conditions, by its name.
enum ConditionFunction: String, Sendable, CaseIterable {
    case startsWith, endsWith, contains, matches, size, lowerAscii
    case timestamp, duration, now
    case cidr, containsIP

    /// What it takes, a receiver first, and for the last of these besides; what it gives; how it is called.
    private var signature: (takes: [ValueKind], orElse: [ValueKind], gives: ValueKind, example: String) {
        switch self {
        case .startsWith: ([.text, .text], [], .condition, #"eventName.startsWith("Delete")"#)
        case .endsWith: ([.text, .text], [], .condition, #"eventName.endsWith("Tags")"#)
        case .contains: ([.text, .text], [], .condition, #"userAgent.contains("aws-cli")"#)
        case .matches: ([.text, .text], [], .condition, #"eventName.matches("^(Get|List)")"#)
        case .size: ([.text], [.list], .number, "size(resources)")
        case .lowerAscii: ([.text], [], .text, "userAgent.lowerAscii()")
        case .timestamp: ([.text], [.number, .time], .time, #"timestamp("2026-01-31T00:00:00Z")"#)
        case .duration: ([.text], [.span], .span, #"duration("36h")"#)
        case .now: ([], [], .time, "now()")
        case .cidr: ([.text], [], .network, #"cidr("10.0.0.0/8")"#)
        case .containsIP: ([.network, .text], [], .condition, #"cidr("10.0.0.0/8").containsIP("10.0.0.1")"#)
        }
    }

    var takes: [ValueKind] { signature.takes }
    var alsoTakes: [ValueKind] { signature.orElse }
    var gives: ValueKind { signature.gives }
    var example: String { signature.example }

    /// True for `x.f()`.
    var isMethod: Bool { ![.timestamp, .duration, .now, .cidr].contains(self) }

    /// True for `f(x)`.
    var isFunction: Bool { !isMethod || self == .size || self == .matches }

    /// What a value stands for; missing for what the function cannot read.
    func read(_ value: Value) -> Value {
        switch (self, value) {
        case (.timestamp, _): value.asTime
        case (.duration, .text(let bytes)): unsafe Duration(conditionText: bytes).map(Value.span) ?? .missing
        case (.cidr, .text(let bytes)): unsafe Network(bytes).map(Value.network) ?? .missing
        case (.containsIP, .text(let bytes)): unsafe Address(bytes) == nil ? .missing : value
        case (.duration, .span): value
        case (.duration, _), (.cidr, _), (.containsIP, _): .missing
        default: value
        }
    }
}

/// A function of conditions, by its name.
enum ConditionFunction: String, Sendable, CaseIterable {
    case startsWith, endsWith, contains, matches, size, lowerAscii
    case timestamp, duration, now
    case cidr, containsIP

    /// What it takes, a receiver first; `size` and `timestamp` take more than that.
    var takes: [ValueKind] {
        switch self {
        case .startsWith, .endsWith, .contains, .matches: [.text, .text]
        case .size, .lowerAscii, .timestamp, .duration, .cidr: [.text]
        case .containsIP: [.network, .text]
        case .now: []
        }
    }

    /// What it takes besides.
    var alsoTakes: [ValueKind] {
        switch self {
        case .size: [.list]
        case .timestamp: [.number, .time]
        case .duration: [.span]
        default: []
        }
    }

    var gives: ValueKind {
        switch self {
        case .startsWith, .endsWith, .contains, .matches, .containsIP: .condition
        case .size: .number
        case .lowerAscii: .text
        case .timestamp, .now: .time
        case .duration: .span
        case .cidr: .network
        }
    }

    /// True for `x.f()`.
    var isMethod: Bool { ![.timestamp, .duration, .now, .cidr].contains(self) }

    /// True for `f(x)`.
    var isFunction: Bool { !isMethod || self == .size || self == .matches }

    /// How it is called, for messages.
    var example: String {
        switch self {
        case .startsWith: #"eventName.startsWith("Delete")"#
        case .endsWith: #"eventName.endsWith("Tags")"#
        case .contains: #"userAgent.contains("aws-cli")"#
        case .matches: #"eventName.matches("^(Get|List)")"#
        case .size: "size(resources)"
        case .lowerAscii: "userAgent.lowerAscii()"
        case .timestamp: #"timestamp("2026-01-31T00:00:00Z")"#
        case .duration: #"duration("36h")"#
        case .now: "now()"
        case .cidr: #"cidr("10.0.0.0/8")"#
        case .containsIP: #"cidr("10.0.0.0/8").containsIP("10.0.0.1")"#
        }
    }

    /// What a constant stands for; missing for what the function cannot read.
    func read(_ constant: Value) -> Value {
        switch self {
        case .timestamp: constant.asTime
        case .duration: constant.asSpan
        case .cidr: constant.asNetwork
        case .containsIP: constant.asAddress
        default: constant
        }
    }
}

import MHPipeKit
import MHPipeMatching

/// What a part of a condition gives, as far as its text alone tells.
enum ValueKind: String {
    case condition = "a condition"
    case number = "a number"
    case text = "a text"
    case list = "a list"
    case time = "a time"
    case span = "a duration"
    case network = "a network"
    /// A field, which may hold anything.
    case field = "a field"

    /// True when a value may be of both kinds.
    func agrees(with other: ValueKind) -> Bool {
        self == other || self == .field || other == .field
    }
}

extension Expression {
    /// Refuses parts that never fit together in what stands where a condition does.
    func checkCondition() throws(ConditionMistake) {
        let kind = try kind()
        let label = kind == .text || kind == .number ? "compare it with something" : "it is neither true nor false"
        guard kind.agrees(with: .condition) else {
            throw mistake("needs a condition here, not \(kind.rawValue)", label)
        }
    }

    private func mistake(_ message: String, _ label: String? = nil) -> ConditionMistake {
        ConditionMistake(message, at: range, label: label)
    }

    private func check(is wanted: ValueKind, for user: String, _ label: String? = nil) throws(ConditionMistake) {
        let kind = try kind()
        guard kind.agrees(with: wanted) else {
            throw mistake("needs \(wanted.rawValue) \(user), not \(kind.rawValue)", label)
        }
    }

    /// What it gives, after a look at everything in it.
    private func kind() throws(ConditionMistake) -> ValueKind {
        switch form {
        case .bool: return .condition
        case .number: return .number
        case .text: return .text
        case .field, .variable: return .field
        case .list(let elements):
            for element in elements { _ = try element.kind() }
            return .list
        case .member(let value, _):
            guard try value.kind() == .field else { throw mistake("asks for a field of what is none") }
            return .field
        case .element(let value, _):
            try value.check(is: .list, for: "for […]")
            return .field
        case .not(let test): try test.checkCondition()
        case .both(let tests), .either(let tests): for test in tests { try test.checkCondition() }
        case .choice(let test, let first, let second):
            try test.checkCondition()
            let (left, right) = (try first.kind(), try second.kind())
            let message = "gives \(left.rawValue) or \(right.rawValue), by what stands before '?'"
            guard left.agrees(with: right) else { throw second.mistake(message) }
            return left == right ? left : .field
        case .comparison(let comparison, let left, let right): try checkComparison(comparison, left, right)
        case .membership(let element, let list):
            _ = try element.kind()
            let isNetwork = try list.kind() == .network
            let label =
                isNetwork
                ? "for an address write cidr(\"…\").containsIP(x)" : "for a part of a text write x.contains(\"…\")"
            try list.check(is: .list, for: "behind 'in'", label)
        case .sum(let left, let isDifference, let right): return try sum(left, isDifference ? "-" : "+", right)
        case .presence(let value):
            guard value.mention != nil, try value.kind() == .field else {
                throw value.mistake("needs a field in has()")
            }
        case .quantifier(let quantifier, let list, _, let test):
            try list.check(is: .list, for: "for '\(quantifier.rawValue)'")
            try test.checkCondition()
        case .call(let function, let arguments): return try call(function, arguments)
        }
        return .condition
    }

    private func checkComparison(
        _ comparison: Comparison,
        _ left: Expression,
        _ right: Expression
    ) throws(ConditionMistake) {
        let kinds = (try left.kind(), try right.kind())
        guard kinds.0.agrees(with: kinds.1) else {
            let message = "compares \(kinds.0.rawValue) with \(kinds.1.rawValue)"
            let text = kinds == (.time, .text) ? right : kinds == (.text, .time) ? left : nil
            throw text?.mistake(message, "write timestamp(…) around it") ?? mistake(message)
        }
        for kind in [kinds.0, kinds.1] where comparison.isOrdering && (kind == .list || kind == .network) {
            throw mistake("has no order for \(kind.rawValue)")
        }
    }

    private func sum(_ left: Expression, _ sign: String, _ right: Expression) throws(ConditionMistake) -> ValueKind {
        let kinds = (try left.kind(), try right.kind())
        switch (kinds.0, sign, kinds.1) {
        case (.span, _, .span), (.time, "-", .time), (.field, "-", .time), (.time, "-", .field): return .span
        case (.time, _, .span), (.field, _, .span), (.span, "+", .time), (.span, "+", .field): return .time
        default:
            throw mistake(
                "calculates with times only, not \(kinds.0.rawValue) \(sign) \(kinds.1.rawValue)",
                kinds == (.field, .field) ? "write timestamp(…) around times" : nil
            )
        }
    }

    private func call(_ function: ConditionFunction, _ arguments: [Expression]) throws(ConditionMistake) -> ValueKind {
        for (argument, wanted) in zip(arguments, function.takes) {
            let kind = try argument.kind()
            if !function.alsoTakes.contains(kind) { try argument.check(is: wanted, for: "for '\(function.rawValue)'") }
        }
        if function == .matches { try arguments[1].checkPattern() }
        try arguments.last?.checkConstant(of: function)
        return function.gives
    }

    /// Refuses a constant that a function cannot read.
    private func checkConstant(of function: ConditionFunction) throws(ConditionMistake) {
        let frame = Frame()
        guard let constant = constant(frame), function.read(constant).isMissing else { return }
        let day = text.flatMap { $0.count == 10 ? Timestamp(rfc3339: $0 + "T00:00:00Z") : nil }
        let meant = function == .timestamp ? day.map { "did you mean '\($0)'?" } : nil
        let wanted = function == .containsIP ? "an address" : function.gives.rawValue
        throw mistake("has '\(text ?? "a number")', which is not \(wanted)", meant ?? "as in \(function.example)")
    }

    private func checkPattern() throws(ConditionMistake) {
        guard let text else { throw mistake("needs a pattern between quotes for 'matches'") }
        do {
            _ = try RegularExpression(text)
        } catch {
            let place = "offset \(error.offset)"
            let message = "has a pattern that is no regular expression: \(error.reason) at \(place)"
            throw mistake(message, "\(place) of the pattern")
        }
    }

    /// The value of a text or a number that is written there.
    func constant(_ frame: Frame) -> Value? {
        switch form {
        case .text(let text): unsafe .text(frame.keep(text.utf8))
        case .number(let number): .number(number)
        default: nil
        }
    }
}

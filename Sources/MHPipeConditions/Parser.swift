import MHPipeKit
import MHPipeMatching

/// Reads a condition by the grammar of CEL, from the loosest operator to the tightest:
/// `?:`, `||`, `&&`, comparisons and `in`, `+` and `-` of times, `!` and `-`, and what follows a value: `.name`, `[…]`, `(…)`.
struct Parser {
    /// Deeper than anybody writes, and shallow enough for any stack.
    private static let mostLevels = 100

    private let tokens: [Token]
    private var at = 0
    private var depth = 0
    /// The elements that quantifiers around this look at, outermost first.
    private var variables: [(name: String, list: FieldMention?)] = []

    /// Reads a whole condition; throws the first mistake there is.
    static func parse(_ text: String) throws(ConditionMistake) -> Expression {
        var parser = Parser(tokens: try Lexer.tokens(of: text))
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("the end or an operator such as '&&'") }
        return expression
    }

    private var token: Token { tokens[at] }

    /// Where what was read last ends.
    private var end: Int { at > 0 ? tokens[at - 1].range.upperBound : 0 }

    private func isAt(_ sign: String) -> Bool { token.kind == .sign(sign) }

    private mutating func take(_ sign: String) -> Bool {
        guard isAt(sign) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ sign: String) throws(ConditionMistake) {
        guard take(sign) else { throw unexpected("'\(sign)'") }
    }

    private func unexpected(_ expected: String) -> ConditionMistake {
        if case .word(let word) = token.kind, let meant = Self.foreignOperators[word.lowercased()] {
            return ConditionMistake("has no operator '\(word)'", at: token.range, label: "did you mean '\(meant)'?")
        }
        // A number that stands at a field begins with its dot.
        let isElement = if case .number = token.kind { at > 0 && end == token.range.lowerBound } else { false }
        let label = isElement ? "an element is written x[0]" : nil
        guard token.kind == .end else {
            return ConditionMistake("needs \(expected) here", at: token.range, label: label)
        }
        return ConditionMistake("ends where \(expected) was expected", at: token.range)
    }

    private static let foreignOperators = [
        "and": "&&", "or": "||", "is": "==", "eq": "==", "ne": "!=", "like": ".matches()",
    ]

    private func made(_ form: Expression.Form, from start: Int) -> Expression {
        Expression(form: form, range: start..<end)
    }

    // MARK: - Operators

    private mutating func expression() throws(ConditionMistake) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.mostLevels else {
            throw ConditionMistake("is nested more than \(Self.mostLevels) levels deep", at: token.range)
        }
        let start = token.range.lowerBound
        let test = try either()
        guard take("?") else { return test }
        let first = try either()
        try expect(":")
        let second = try expression()
        return made(.choice(test, first, second), from: start)
    }

    /// Parts between `||`, and in these parts between `&&`.
    private mutating func either(_ isBoth: Bool = false) throws(ConditionMistake) -> Expression {
        let start = token.range.lowerBound
        var parts: [Expression] = []
        repeat { parts.append(try isBoth ? relation() : either(true)) } while take(isBoth ? "&&" : "||")
        return parts.count == 1 ? parts[0] : made(isBoth ? .both(parts) : .either(parts), from: start)
    }

    private mutating func relation() throws(ConditionMistake) -> Expression {
        let start = token.range.lowerBound
        var left = try sum()
        for _ in 0..<Self.mostLevels {
            if token.kind == .word("in") {
                at += 1
                let list = try sum()
                left = made(.membership(left, list), from: start)
            } else if case .sign(let sign) = token.kind, let comparison = Comparison(rawValue: sign) {
                at += 1
                let right = try sum()
                left = made(.comparison(comparison, left, right), from: start)
            } else {
                break
            }
        }
        return left
    }

    private mutating func sum() throws(ConditionMistake) -> Expression {
        let start = token.range.lowerBound
        var left = try unary()
        for _ in 0..<Self.mostLevels where isAt("+") || isAt("-") {
            let isDifference = !take("+") && take("-")
            let right = try unary()
            left = made(.sum(left, isDifference: isDifference, right), from: start)
        }
        return left
    }

    private mutating func unary() throws(ConditionMistake) -> Expression {
        let start = token.range.lowerBound
        var signs = 0
        while take("!") { signs += 1 }
        if signs > 0 {
            let operand = try member()
            let once = made(.not(operand), from: start)
            // Twice is not at all, but for what is no condition, which the check of kinds refuses.
            return signs % 2 == 1 ? once : made(.not(once), from: start)
        }
        while take("-") { signs += 1 }
        let operand = try member()
        guard signs > 0 else { return operand }
        guard case .number(let number) = operand.form else {
            throw ConditionMistake("calculates with times only: '-' stands before numbers", at: start..<start + 1)
        }
        return made(.number(signs % 2 == 1 ? number.negated : number), from: start)
    }

    // MARK: - Values and what follows them

    private mutating func member() throws(ConditionMistake) -> Expression {
        let start = token.range.lowerBound
        var value = try primary()
        for _ in 0..<Self.mostLevels {
            if take(".") {
                value = try afterDot(value, start)
            } else if take("[") {
                value = try inBrackets(value, start)
                try expect("]")
                value.range = start..<end
            } else {
                return value
            }
        }
        throw ConditionMistake("is nested more than \(Self.mostLevels) levels deep", at: token.range)
    }

    private mutating func afterDot(_ value: Expression, _ start: Int) throws(ConditionMistake) -> Expression {
        let name = token
        guard case .word(let key) = name.kind else { throw unexpected("the name of a field or of a function") }
        at += 1
        return isAt("(") ? try call(key, name.range, value, start) : part(of: value, key, name.range, start)
    }

    private mutating func inBrackets(_ value: Expression, _ start: Int) throws(ConditionMistake) -> Expression {
        let place = token
        switch place.kind {
        case .text(let key):
            at += 1
            return part(of: value, key, place.range, start)
        case .number(let number):
            guard let index = number.int64, (0...Int64(Int32.max)).contains(index) else {
                throw ConditionMistake("counts elements from 0 in whole numbers", at: place.range)
            }
            at += 1
            return element(of: value, Int(index), place.range, start)
        default: throw unexpected("a number or a text")
        }
    }

    private func part(of value: Expression, _ key: String, _ range: Range<Int>, _ start: Int) -> Expression {
        var part = made(.member(value, key), from: start)
        part.mention = value.mention?.appending(key, range)
        if case .field(let path) = value.form { part.form = .field(FieldPath(keys: path.keys + [key])) }
        return part
    }

    private func element(of value: Expression, _ index: Int, _ range: Range<Int>, _ start: Int) -> Expression {
        var element = part(of: value, String(index), range, start)
        if case .member = element.form { element.form = .element(value, index) }
        return element
    }

    private mutating func primary() throws(ConditionMistake) -> Expression {
        let first = token
        at += 1
        switch first.kind {
        case .number(let number): return made(.number(number), from: first.range.lowerBound)
        case .text(let text): return made(.text(text), from: first.range.lowerBound)
        case .word(let word): return try named(word, first.range)
        case .sign("("):
            var inside = try expression()
            if isAt(",") {
                throw ConditionMistake("has no lists in round brackets", at: token.range, label: #"write ["a", "b"]"#)
            }
            try expect(")")
            inside.range = first.range.lowerBound..<end
            return inside
        case .sign("["):
            let elements = try list("]")
            return made(.list(elements), from: first.range.lowerBound)
        case .sign("{"): throw ConditionMistake("has no maps", at: first.range)
        default:
            at -= 1
            throw unexpected("a value")
        }
    }

    /// Elements or arguments up to a bracket, which is taken; CEL allows a comma behind the last element.
    private mutating func list(_ close: String) throws(ConditionMistake) -> [Expression] {
        var elements: [Expression] = []
        while !take(close) {
            elements.append(try expression())
            if take(close) { return elements }
            guard take(",") else { throw unexpected("',' or '\(close)'") }
        }
        return elements
    }

    private mutating func named(_ word: String, _ range: Range<Int>) throws(ConditionMistake) -> Expression {
        if isAt("("), word != "in" { return try call(word, range, nil, range.lowerBound) }
        let start = range.lowerBound
        switch word {
        case "true", "false": return made(.bool(word == "true"), from: start)
        case _ where Self.reserved.contains(word):
            throw ConditionMistake("cannot name a field '\(word)': CEL keeps the word for itself", at: range)
        default:
            guard let label = Self.foreignWords[word.lowercased()] else { break }
            throw ConditionMistake("has no '\(word)'", at: range, label: label)
        }
        var value = made(.field(FieldPath(word)), from: start)
        value.mention = FieldMention(keys: [word], ranges: [range])
        if let index = variables.lastIndex(where: { $0.name == word }) {
            value.form = .variable(index)
            value.mention = variables[index].list?.appending("0", range)
        }
        return value
    }

    private static let foreignWords = [
        "null": "write has(x) or !has(x)", "nil": "write has(x) or !has(x)", "none": "write has(x) or !has(x)",
        "true": "did you mean 'true'?", "false": "did you mean 'false'?", "not": "did you mean '!'?",
    ]

    private static let reserved: Set<String> = [
        "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    // MARK: - Calls

    /// Reads a call whose name was read: `f(…)`, or `x.f(…)` with a receiver.
    private mutating func call(
        _ name: String,
        _ range: Range<Int>,
        _ receiver: Expression?,
        _ start: Int
    ) throws(ConditionMistake) -> Expression {
        if let quantifier = Quantifier(rawValue: name) {
            guard let receiver else {
                let example = "as in resources.\(name)(r, has(r.ARN))"
                throw ConditionMistake("asks a list with '\(name)'", at: range, label: example)
            }
            return try quantified(quantifier, receiver, start)
        }
        let function = ConditionFunction(rawValue: name)
        guard function != nil || name == "has" && receiver == nil else { throw Self.unknownFunction(name, range) }
        at += 1
        let arguments = try (receiver.map { [$0] } ?? []) + list(")")
        guard let function else {
            guard arguments.count == 1 else {
                throw ConditionMistake("needs one field in has()", at: range.lowerBound..<end)
            }
            return made(.presence(arguments[0]), from: start)
        }
        guard receiver == nil ? function.isFunction : function.isMethod, arguments.count == function.takes.count else {
            let message = "calls '\(name)' in another way than it is made"
            throw ConditionMistake(message, at: range, label: "as in \(function.example)")
        }
        return made(.call(function, arguments), from: start)
    }

    private mutating func quantified(
        _ quantifier: Quantifier,
        _ list: Expression,
        _ start: Int
    ) throws(ConditionMistake) -> Expression {
        try expect("(")
        guard case .word(let variable) = token.kind, !Self.reserved.contains(variable) else {
            throw unexpected("a name for the element, as in resources.\(quantifier.rawValue)(r, has(r.ARN))")
        }
        at += 1
        try expect(",")
        variables.append((variable, list.mention))
        let test = try expression()
        variables.removeLast()
        try expect(")")
        return made(.quantifier(quantifier, list, variable: variables.count, test), from: start)
    }

    /// What to write for functions of CEL and of other languages that are not here.
    private static let substitutes: [(names: String, label: String)] = [
        (
            "gethours getminutes getseconds getmilliseconds",
            #"write eventTime.matches("T(0[0-7]|1[89]|2[0-3]):") for hours in UTC"#
        ),
        (
            "getfullyear getmonth getdate getdayofmonth getdayofyear",
            #"write eventTime.startsWith("2026-05-31"), or the beginning of it"#
        ),
        ("getdayofweek", "SQLite tells it: strftime('%w', eventTime)"),
        ("tolowercase tolower lower lowercase", "did you mean 'lowerAscii'?"),
        ("includes indexof", "did you mean 'contains'?"), ("hasprefix beginswith", "did you mean 'startsWith'?"),
        ("hassuffix", "did you mean 'endsWith'?"), ("match regex like", "did you mean 'matches'?"),
        ("length len count", "did you mean 'size'?"), ("isset", "did you mean 'has'?"),
    ]

    private static func unknownFunction(_ name: String, _ range: Range<Int>) -> ConditionMistake {
        let names = ConditionFunction.allCases.map(\.rawValue) + ["has", "exists", "all"]
        let substitute = substitutes.first { $0.names.split(separator: " ").contains(name.lowercased()[...]) }
        let label =
            substitute?.label ?? Suggestion.label(for: name, among: names)
            ?? "there are \(names.joined(separator: ", "))"
        return ConditionMistake("has no function '\(name)'", at: range, label: label)
    }
}

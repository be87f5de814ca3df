import MHPipeConditions
import MHPipeKit
import MHPipeMatching

/// Keeps the events that meet a condition, or whose field passes one test.
///
/// Events keep their order. `where` is a condition as `docs/conditions.md` has it; the other options are one test of one
/// field, which may be one that an earlier transform added. What is compared is the text of the
/// value: a string's with its escapes resolved, a number's as it is written, `true` or `false`, and for objects and
/// arrays their JSON text as sinks write it. A field that is `null` counts as missing, as in SQL and in the tables
/// that sinks write; of these tests a missing field passes only `exists: false`, and every test turned round by `not`.
///
/// - Complexity: O(1) in the values of `any_of`; a pattern is limited in its steps, and rejects an event that needs more.
struct FilterTransform: ExplainingTransform, EarlyDropping, DescribedTransform {
    static let name = "filter"
    static let summary =
        "Keeps the events that meet a condition, or whose field has a value, is there, or matches a pattern."

    struct Options: PluginOptions {
        var condition: Condition?
        var field: FieldPath?
        var equals: String?
        var anyOf: [String]?
        var exists: Bool?
        var matches: String?
        var not = false

        static let all: [Option<Options>] = [
            .optional(
                "where",
                \.condition,
                "Keeps events that meet this condition, in the syntax of CEL; nothing but 'not' stands beside it.",
                example: "'userIdentity.type == \"Root\" && !has(errorCode)'"
            ),
            .optional(
                "field",
                \.field,
                "The field to look at, with one of the tests below.",
                example: "userIdentity.type"
            ),
            .optional(
                "equals",
                \.equals,
                "Keeps events whose field has this text; any_of takes several.",
                example: "Root"
            ),
            .optional(
                "any_of",
                \.anyOf,
                "Keeps events whose field has one of these texts.",
                example: "[Root, IAMUser]"
            ),
            .optional(
                "exists",
                \.exists,
                "Keeps events that have the field (true) or lack it (false).",
                example: "true"
            ),
            .optional(
                "matches",
                \.matches,
                "Keeps events in whose field this regular expression (PCRE2) matches somewhere.",
                example: "'^Delete|^Disassociate'"
            ),
            .optional("not", \.not, "Turns the test round: what it would keep is dropped."),
        ]
    }

    private enum Test {
        case condition(ConditionTest, FieldSet)
        case text(ByteStringSet)
        case presence
        case pattern(RegularExpression)
    }

    let options: Options
    /// When the run began.
    let started: Timestamp
    private let field: FieldPath
    private let test: Test
    private let keepsPasses: Bool
    /// The texts that are looked for, or the pattern, or the fields of the condition.
    private let askedFor: [String]
    private let tests: [FieldTest]
    private(set) var sighting: FieldSighting
    /// At the fields that the condition compares with texts.
    private(set) var furtherSightings: [FieldSighting]
    private let askedTexts: [AskedText]
    private let scratch = OutputBuffer()

    init(_ options: Options, _ context: PluginContext) throws {
        try Self.checkOneTest(options)
        self.options = options
        started = context.started
        let field = options.field ?? options.condition?.fields.first ?? FieldPath("eventName")
        self.field = field
        askedFor =
            options.condition?.fields.map(\.text) ?? options.anyOf
            ?? [options.equals ?? options.matches].compactMap(\.self)
        sighting = FieldSighting(field)
        askedTexts = options.condition.map(AskedText.all) ?? []
        // A text that is nearly the one may be rare.
        furtherSightings = Set(askedTexts.map(\.field)).sorted { $0.text < $1.text }.prefix(8)
            .map { FieldSighting($0, looks: 8192, texts: 256) }
        if let condition = options.condition {
            test = .condition(ConditionTest(condition, start: context.started), FieldSet(condition.fields))
            keepsPasses = !options.not
            tests = options.not ? [] : condition.dropTests
        } else if let texts = options.anyOf ?? options.equals.map({ [$0] }) {
            guard !texts.isEmpty else { throw OptionError(option: "any_of", "needs at least one text") }
            let (set, isKept) = (ByteStringSet(texts), !options.not)
            test = .text(set)
            keepsPasses = isKept
            tests = Self.tests(field, keeps: isKept) { value in
                switch value {
                case .missing: false
                case .text(let text): unsafe set.contains(text)
                case .boolean(let boolean): texts.contains(String(boolean))
                }
            }
        } else if let pattern = options.matches {
            test = .pattern(try Self.compile(pattern))
            keepsPasses = !options.not
            tests = []
        } else {
            test = .presence
            keepsPasses = options.exists != options.not
            tests = Self.tests(field, keeps: options.exists != options.not) { value in
                if case .missing = value { false } else { true }
            }
        }
    }

    /// What drops an event by a top-level field alone.
    private static func tests(
        _ field: FieldPath,
        keeps: Bool,
        passes: @escaping (FieldTest.Value) -> Bool
    ) -> [FieldTest] {
        guard field.keys.count == 1, let known = field.known else { return [] }
        return [FieldTest(known) { passes($0) != keeps }]
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func drops(_ options: Options) -> Bool { true }

    static func fieldChecks(_ options: Options) -> [any FieldChecking] { options.condition.map { [$0] } ?? [] }

    static func comparisons(_ options: Options) -> [FieldComparison] {
        guard let field = options.field else { return [] }
        if let text = options.equals { return [FieldComparison(field, option: "equals", .texts([text]))] }
        if let texts = options.anyOf { return [FieldComparison(field, option: "any_of", .texts(texts))] }
        guard let pattern = options.matches.flatMap({ try? RegularExpression($0) }) else { return [] }
        let condition = { (text: String) in
            unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe pattern.search($0) != .noMatch }
        }
        return [FieldComparison(field, option: "matches", .condition(condition))]
    }

    mutating func process(_ batch: EventBatch) {
        let before = isLooking ? batch.fork() : nil
        let isThere: Bool
        if case .condition(let condition, let fields) = test {
            isThere = keep(batch, condition, fields)
        } else {
            isThere = keepPasses(batch)
        }
        if isThere { sighting.see() }
        // Whoever keeps something has nothing to explain.
        if batch.count > 0 {
            sighting.stop()
            for place in furtherSightings.indices { furtherSightings[place].stop() }
        } else if let before {
            sighting.look(at: before)
            for place in furtherSightings.indices { furtherSightings[place].look(at: before) }
        }
    }

    /// While it looks at what it drops, it has to see all of it.
    var dropTests: [FieldTest]? { isLooking || tests.isEmpty ? nil : tests }

    private var isLooking: Bool { sighting.isLooking || furtherSightings.contains(where: \.isLooking) }

    var certainTests: [FieldTest] { tests }

    mutating func noteDropped() { sighting.see() }

    /// Keeps what meets the condition; true when some event has its first field.
    private func keep(_ batch: EventBatch, _ condition: ConditionTest, _ fields: FieldSet) -> Bool {
        var isThere = false
        var undecided: [Int: String] = [:]
        let (keepsPasses, hasFields) = (keepsPasses, !fields.isEmpty)
        batch.keep(fields) { event in
            if !isThere, hasFields, !event.isAbsent(0) { isThere = true }
            if let holds = condition.holds(event) { return holds == keepsPasses }
            undecided[event.row] = "'where' has a pattern that needs too many steps for this event; simplify it"
            return true
        }
        batch.reject(rows: undecided)
        return isThere
    }

    /// Keeps what passes the test of the field; true when some event has it.
    private func keepPasses(_ batch: EventBatch) -> Bool {
        let reader = FieldReader(field, batch)
        var isThere = false
        var undecided: [Int: String] = [:]
        batch.keepRows { row in
            let slice = reader.slice(row)
            if !slice.isAbsent { isThere = true }
            if let passes = passes(slice, reader, row, batch) { return passes == keepsPasses }
            undecided[row] = "'matches' needs too many steps for its '\(field.text)'; simplify the pattern"
            return true
        }
        batch.reject(rows: undecided)
        return isThere
    }

    func reason(_ sighting: FieldSighting, _ further: [FieldSighting]) -> String {
        let name = field.text
        switch test {
        case .condition:
            let missing = sighting.isThere || askedFor.isEmpty ? "" : ": " + sighting.absence(of: field.conditionText)
            let meant = missing.isEmpty && keepsPasses ? askedTexts.lazy.compactMap { $0.meant(further) }.first : nil
            return "no event \(keepsPasses ? "meets" : "fails") the condition" + missing
                + (meant.map { "; \($0)" } ?? "")
        case .presence where !keepsPasses: return "every event has '\(name)'"
        case .text, .pattern:
            guard keepsPasses else { return "'\(name)' passes the test in every event, and 'not' turns it round" }
        case .presence: break
        }
        guard sighting.isThere else { return sighting.absence(of: name) }
        let texts = askedFor.map { "'\($0)'" }
        let some = sighting.someTexts.map { "; it is \($0)" } ?? ""
        if case .pattern = test { return "'\(name)' never matches \(texts.joined())" + some }
        let meant = sighting.nearest(to: askedFor).map { "; did you mean '\($0)'?" }
        let never = texts.count == 1 ? texts[0] : "one of the \(texts.count) texts"
        return "'\(name)' is never \(never)" + (meant ?? some)
    }

    /// Whether a value passes the test; nil when a limit was reached before the answer.
    private func passes(_ slice: JSONSlice, _ reader: FieldReader, _ row: Int, _ batch: EventBatch) -> Bool? {
        guard !slice.isAbsent else { return false }
        if case .presence = test { return true }
        switch slice.kind {
        case .string where slice.isEscaped:
            scratch.removeAll()
            unsafe JSONText.decode(slice.bytes) { scratch.append($0) }
            return unsafe passes(scratch.bytes)
        case .object, .array:
            scratch.removeAll()
            if let column = reader.wholeColumn {
                JSONLines.append(column, row, to: scratch)
            } else if case let position = reader.position(row), position >= 0 {
                JSONCursor(batch.window).appendCompact(position, to: scratch)
            } else {
                unsafe scratch.append(slice.bytes)
            }
            return unsafe passes(scratch.bytes)
        default:
            return unsafe passes(slice.bytes)
        }
    }

    private func passes(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        switch test {
        case .presence, .condition: return true
        case .text(let texts): return unsafe texts.contains(text)
        case .pattern(let pattern):
            let outcome = unsafe pattern.search(text)
            return outcome == .gaveUp ? nil : outcome == .match
        }
    }
}

extension FilterTransform {
    private static func checkOneTest(_ options: Options) throws(OptionError) {
        let tests = [
            ("equals", options.equals != nil), ("any_of", options.anyOf != nil), ("exists", options.exists != nil),
            ("matches", options.matches != nil),
        ]
        let given = tests.filter(\.1).map(\.0)
        if options.condition != nil {
            guard options.field == nil, given.isEmpty else {
                let other = options.field == nil ? given[0] : "field"
                throw OptionError(option: other, "cannot stand beside 'where', which can say the same")
            }
            return
        }
        guard options.field != nil else {
            let example = Options.all.first { $0.key == (given.isEmpty ? "where" : "field") }
            throw OptionError(
                given.isEmpty ? "needs 'where', or 'field' and a test" : "needs 'field' beside '\(given[0])'",
                label: example.map { "add a line below this one, for example `\($0.key): \($0.example ?? "")`" }
            )
        }
        guard let first = given.first else {
            throw OptionError(option: "field", "needs a test beside it: one of equals, any_of, exists, matches")
        }
        guard given.count == 1 else {
            let advice = "for several texts use any_of, for several tests several filters"
            throw OptionError(option: given[1], "cannot stand beside '\(first)', a filter makes one test; \(advice)")
        }
    }

    private static func compile(_ pattern: String) throws(OptionError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw OptionError(
                option: "matches",
                "is no regular expression: \(error.reason) at offset \(error.offset)",
                label: "offset \(error.offset) of the pattern"
            )
        }
    }

    /// Warns of a filter that asks for the host name of Migration Hub's endpoint, which records hardly have as their source.
    static func warnings(_ options: Options) -> [OptionWarning] {
        let endpoint = "mgh.amazonaws.com"
        let source = "migrationhub.amazonaws.com"
        if let condition = options.condition { return warnings(condition, not: options.not, endpoint, source) }
        let texts = options.anyOf ?? options.equals.map { [$0] } ?? []
        guard options.field == FieldPath("eventSource"), !options.not, !texts.isEmpty,
            texts.contains(endpoint), !texts.contains(source)
        else { return [] }
        let keeps =
            texts.allSatisfy { $0 == endpoint }
            ? "this filter usually keeps nothing" : "this filter usually keeps no call of Migration Hub"
        return [
            OptionWarning(
                option: options.anyOf == nil ? "equals" : "any_of",
                "\(keeps): Migration Hub's calls have the eventSource '\(source)'",
                notes: [
                    "'\(endpoint)' is the name of its endpoint; transform `migration_hub` keeps events with either"
                ],
                at: endpoint
            )
        ]
    }

    private static func warnings(
        _ condition: Condition,
        not: Bool,
        _ endpoint: String,
        _ source: String
    ) -> [OptionWarning] {
        var isNegated = not
        var places: [String: SourceSpan?] = [:]
        for usage in condition.fieldUses where usage.path == FieldPath("eventSource") {
            switch usage.use {
            case .comparedText(let text, isOrdering: false): places[text] = usage.constantSpan
            case .negation: isNegated = true
            default: break
            }
        }
        guard !isNegated, let span = places[endpoint], places[source] == nil else { return [] }
        var warning = OptionWarning(
            option: "where",
            "Migration Hub's calls usually have the eventSource '\(source)', not '\(endpoint)'",
            notes: ["'\(endpoint)' is the name of its endpoint; transform `migration_hub` keeps events with either"]
        )
        warning.span = span
        return [warning]
    }
}

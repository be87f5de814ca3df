import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeConditions

/// A condition and its negation split every input exactly, whatever is in the events.
@Suite struct SplitTests {
    @Test(arguments: 0..<20) func `random conditions split random events`(seed: Int) throws {
        var random = RandomCondition(seed: UInt64(seed))
        var json = GeneratedJSON(seed: UInt64(seed))
        let records = (0..<60).map { _ in json.record().written }
        for _ in 0..<100 {
            let text = random.condition(3)
            try expectSplit(text, records)
        }
    }

    @Test(.enabled(if: Repository.sharedData != nil)) func `random conditions split a sample trail`() throws {
        let files = try Self.files()
        try #require(!files.isEmpty)
        var random = RandomCondition(seed: 7)
        for _ in 0..<60 { try expectSplit(random.condition(3), files) }
    }

    /// Records of published trails.
    private static func files() throws -> [String] {
        guard let folder = Repository.sharedData?.appending(path: "flosell+trailscraper"),
            let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return try paths.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }.flatMap { file -> [String] in
            let trail = JSONValue(parsing: try String(contentsOf: file, encoding: .utf8))
            return trail?["Records"]?.elements.map(\.json) ?? []
        }
    }

    private func expectSplit(_ text: String, _ records: [String]) throws {
        let batch = EventBatch(records: records)
        let condition = try Condition(text)
        let negation = try Condition("!(\(text))")
        let tests = [condition, negation].map { ConditionTest($0, start: Timestamp(seconds: 1_700_000_000)) }
        var answers: [[Bool?]] = [[], []]
        for number in 0...1 {
            batch.forEach(FieldSet([condition, negation][number].fields)) {
                answers[number].append(tests[number].holds($0))
            }
        }
        try #require(answers[0].count == batch.count && batch.count > 0)
        #expect(zip(answers[0], answers[1]).allSatisfy { $0 != nil && $1 != nil && $0 != $1 }, "\(text)")
    }
}

/// Conditions that are right, with every form there is.
struct RandomCondition {
    private var random: SplitMix64
    /// The elements of quantifiers around.
    private var variables: [String] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func condition(_ depth: Int) -> String {
        switch random.below(depth > 0 ? 14 : 7) {
        case 0: return "has(\(field()))"
        case 1, 2: return "\(value()) \(random.pick(["==", "!=", "<", "<=", ">", ">="])) \(field())"
        case 3: return "\(value()) in [\(constant()), \(constant()), \(value())]"
        case 4: return "\(field()).\(random.pick(["startsWith", "endsWith", "contains"]))(\(text()))"
        case 5:
            return random.pick([
                "\(field()).matches('a|B')", "cidr('0.0.0.0/0').containsIP(\(field()))", "\(field()) in \(field())",
                "timestamp(\(field())) > timestamp('2020-01-01T00:00:00Z')",
                "now() - timestamp(\(field())) > duration('1h')",
            ])
        case 6: return field()
        case 7, 8: return "(\(condition(depth - 1)) && \(condition(depth - 1)))"
        case 9, 10: return "(\(condition(depth - 1)) || \(condition(depth - 1)))"
        case 11: return "!(\(condition(depth - 1)))"
        case 12: return "(\(condition(depth - 1)) ? \(condition(depth - 1)) : \(condition(depth - 1)))"
        default:
            let list = field()
            variables.append("v\(variables.count)")
            defer { variables.removeLast() }
            return
                "\(list).\(random.pick(["exists", "all"]))(\(variables[variables.count - 1]), \(condition(depth - 1)))"
        }
    }

    private mutating func value() -> String {
        switch random.below(6) {
        case 0...3: field()
        case 4:
            random.pick([
                "size(\(field()))", "\(field()).lowerAscii()", "(\(condition(0)))",
                "(has(a) ? \(field()) : \(field()))",
            ])
        default: random.pick(["'a'", "'Root'", "5", "1.50", "true"])
        }
    }

    private mutating func constant() -> String {
        random.pick(["'a'", "''", "'true'", "5", "1.5", "-1", "0", "true", "false", "[1, 'a']", "12u"])
    }

    private mutating func text() -> String { random.pick(["''", "'a'", "'{'", field()]) }

    private mutating func field() -> String {
        let roots = [
            "userIdentity", "eventTime", "eventSource", "eventName", "sourceIPAddress", "requestParameters",
            "resources",
            "readOnly", "eventVersion", "zzz", "errorCode", "userIdentity.sessionContext",
        ]
        let root = random.pick(variables.isEmpty || random.once(in: 3) ? roots : variables)
        return root
            + random.pick(["", "", "", ".type", ".a", "[0]", "[\"x y\"]", ".sessionContext.attributes", "[1].ARN"])
    }
}

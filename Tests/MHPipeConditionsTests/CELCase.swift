import Foundation
import MHPipeTestSupport
import Testing

/// One of the public cases of CEL (github.com/google/cel-spec, tests/simple/testdata), and the rule that selects those
/// that conditions have to pass; `docs/conditions.md` states it in words.
struct CELCase: CustomTestStringConvertible, Sendable {
    let name: String
    let expression: String
    /// What the expression is equal to, as a literal; nil for a mistake.
    let value: String?
    /// Why it is not run; nil for one that is.
    let exclusion: String?

    var testDescription: String { name }

    /// Every case of the files beside the checkout; none where they are not there.
    static let all: [CELCase] = {
        guard let folder = Repository.sharedData?.appending(path: "google+cel-spec") else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasSuffix(".textproto") }.sorted().flatMap { name -> [CELCase] in
            guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else { return [] }
            let file = TextProto(text)
            return file.messages("section").flatMap { section in
                section.messages("test").map { CELCase($0, section, file) }
            }
        }
    }()

    static let selected: [CELCase] = all.filter { $0.exclusion == nil }

    private init(_ test: TextProto, _ section: TextProto, _ file: TextProto) {
        name = [file, section, test].map { $0.string("name") ?? "" }.joined(separator: "/")
        expression = test.string("expr") ?? ""
        let written: String? = test.message("value").map { Self.literal($0) } ?? "true"
        let isMistake = test.has("eval_error") || test.has("any_eval_errors")
        value = isMistake ? nil : written
        exclusion =
            Self.reason(against: test, expression) ?? (!isMistake && written == nil ? "results in another type" : nil)
            ?? (Self.differences.contains(name) ? "is a difference by its name" : nil)
    }

    /// The values that conditions can write.
    private static func literal(_ value: TextProto) -> String? {
        guard let field = value.fields.first else { return nil }
        switch field.name {
        case "bool_value", "int64_value", "double_value": return value.string(field.name)
        case "uint64_value": return value.string(field.name).map { $0 + "u" }
        case "string_value": return value.string(field.name).map(Self.quoted)
        case "list_value":
            let elements = value.message("list_value")?.messages("values").map(literal) ?? []
            return elements.contains(nil) ? nil : "[" + elements.compactMap(\.self).joined(separator: ", ") + "]"
        default: return nil
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"" + escaped.joined() + "\""
    }

    // MARK: - The rule

    /// The functions and macros that conditions have.
    private static let functions: Set<String> = [
        "has", "exists", "all", "startsWith", "endsWith", "contains", "matches", "size", "lowerAscii", "timestamp",
        "duration",
        "cidr", "containsIP",
    ]

    /// Why the rule leaves a case out, in the words of the page.
    private static func reason(against test: TextProto, _ expression: String) -> String? {
        if test.has("bindings") || test.has("type_env") { return "binds variables" }
        if ["disable_check", "check_only", "disable_macros", "unknown", "typed_result"].contains(where: test.has) {
            return "turns the check or the macros off, or is about the check alone"
        }
        let code = withoutTexts(expression)
        if code.contains("b'") || code.contains("B'") { return "has bytes" }
        if code.contains("{") { return "has maps or messages" }
        if code.contains(/\bnull\b/) { return "has `null`" }
        let names = code.matches(of: /([A-Za-z_]\w*)\s*\(/).map { String($0.1) }.filter { $0 != "in" }
        if !functions.isSuperset(of: names) { return "calls what conditions do not have" }
        let calculates = code.contains(/[\w')\]]\s*[-+]\s*[\w'(\[]/) && !code.contains(/\de[-+]/)
        let isOfTimes = code.contains("timestamp(") || code.contains("duration(")
        if code.contains(/[*%]|\/(?!\/)/) || calculates && !isOfTimes {
            return "calculates with something other than times"
        }
        return nil
    }

    /// The expression with `'` in the place of every text.
    private static func withoutTexts(_ expression: String) -> String {
        let quotes = /(?<raw>[rR]?)(?<quote>"""|'''|"|')/
        var code = ""
        var rest = Substring(expression)
        while let open = rest.firstMatch(of: quotes) {
            code += rest[..<open.range.lowerBound] + "'"
            rest = rest[open.range.upperBound...]
            let isRaw = !open.output.raw.isEmpty
            while !rest.isEmpty, !rest.hasPrefix(open.output.quote) {
                rest = rest.dropFirst(!isRaw && rest.first == "\\" ? 2 : 1)
            }
            rest = rest.dropFirst(open.output.quote.count)
        }
        return code + rest
    }

    /// Cases that the rule does not leave out, and in which conditions differ on purpose.
    private static let differences: Set<String> = [
        "integer_math/int64_math/int64_min_negate", "timestamps/timestamp_range/sub_time_duration_over",
        "timestamps/timestamp_range/sub_time_duration_under",
    ]
}

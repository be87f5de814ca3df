import Libc
import MHPipeKit
import MHPipeMatching

/// Hides fields, and what is found in texts: access keys, tokens, addresses, account ids, and what patterns match.
///
/// Kinds and patterns are looked for in every text of an event, in the names of its fields, in numbers, and in what earlier
/// transforms added. `docs/redaction.md` says what is found and what is not. Where a pattern cannot be decided, all of the
/// text is hidden.
///
/// - Complexity: O(*n*) in the bytes of a record for each kind and pattern.
struct RedactTransform: RewritingTransform, DescribedTransform, TallyKeeping {
    static let name = "redact"
    static let summary = "Hides fields, access keys, tokens, addresses and account ids: masked, hashed or removed."

    static let hidesFields = true

    /// What becomes of a run in which no event has one of the fields.
    enum Unmatched: String, OptionChoice {
        case warn, fail
    }

    struct Options: PluginOptions {
        var fields: [FieldPath] = []
        var kinds: [SecretKind] = []
        var patterns: [String] = []
        var method = TextRedaction.Method.mask
        var mask = "REDACTED"
        var keyVariable: String?
        var unmatched = Unmatched.warn

        static let all: [Option<Options>] = [
            .optional(
                "fields",
                \.fields,
                "The fields to hide as a whole, with all that is in them.",
                example: "[requestParameters.user, sourceIPAddress]"
            ),
            .optional("kinds", \.kinds, "What to find in every text.", example: "[access_keys, tokens, account_ids]"),
            .optional(
                "patterns",
                \.patterns,
                "Regular expressions (PCRE2) to find in every text; with a group, only what the first one matches is hidden.",
                example: "['[\\w.]+@example[.]com']"
            ),
            .optional(
                "method",
                \.method,
                "What becomes of it: 'mask' stands there, or a keyed hash (HMAC with SHA-256), or nothing."
            ),
            .optional("mask", \.mask, "What stands in the place of what is hidden, with method mask."),
            .optional(
                "key_env",
                \.keyVariable,
                "The environment variable that holds the key of the hash, at least 16 bytes.",
                example: "REDACT_KEY"
            ),
            .optional(
                "unmatched",
                \.unmatched,
                "What to do when no event has one of 'fields': with 'fail', nothing is written, for its name may be misspelt."
            ),
        ]
    }

    private let tree: PathTree?
    private let hidesNamed: Bool
    private let texts: TextRedaction
    private let rewriter = RecordRewriter()
    private let scratch = OutputBuffer()
    private let unmatched: Unmatched
    private let fields: [FieldPath]
    /// The events, and for each field those in which it was hidden.
    private(set) var tally: [Int]

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.fields.isEmpty || !options.kinds.isEmpty || !options.patterns.isEmpty else {
            throw OptionError("needs 'fields', 'kinds' or 'patterns'", label: "say what is to be hidden")
        }
        tree = options.fields.isEmpty ? nil : PathTree(options.fields)
        unmatched = options.unmatched
        fields = options.fields
        tally = [Int](repeating: 0, count: 1 + fields.count)
        hidesNamed = options.kinds.contains(.tokens)
        let patterns = try options.patterns.map { pattern throws(OptionError) in try Self.compile(pattern) }
        let key = try Self.key(options)
        texts = try TextRedaction(
            options.method,
            mask: options.mask,
            digest: try key.map { try KeyedDigest(key: $0) },
            kinds: Set(options.kinds),
            patterns: patterns
        )
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape {
        FieldShape(changes: options.fields.map { options.method == .remove ? .removed($0) : .opened($0) })
    }

    func refusal(_ tally: [Int]) -> String? {
        guard unmatched == .fail, tally[0] > 0 else { return nil }
        let hidden = zip(fields, tally.dropFirst()).filter { $1 > 0 }.map(\.0)
        let missing = fields.first { field in !hidden.contains { field.keys.starts(with: $0.keys) } }
        return missing.map { "no event has the field '\($0.text)' that is to be hidden, and `unmatched` is fail" }
    }

    mutating func process(_ batch: EventBatch) throws {
        tally[0] += batch.count
        try rewriter.rewrite(batch) { cursor, record, _ in _ = walk(record, tree, cursor, isSecret: false) }
    }

    /// Hides what is in a value; the position behind it.
    ///
    /// With `isSecret`, below the name of a secret, all of it is hidden.
    private mutating func walk(_ position: Int, _ node: PathTree?, _ cursor: JSONCursor, isSecret: Bool) -> Int {
        let first = cursor.byte(at: position)
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return walkParts(position, node, cursor, isSecret: isSecret, isObject: first == UInt8(ascii: "{"))
        case UInt8(ascii: "\""):
            if isSecret { hide(position..<position + 1, cursor) } else { look(at: position, cursor) }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            if isSecret { hide(position..<position + 1, cursor) } else { look(atNumber: position, cursor) }
        // True, false and null say nothing that could be hidden.
        default: break
        }
        return position + 1
    }

    private mutating func walkParts(
        _ position: Int,
        _ node: PathTree?,
        _ cursor: JSONCursor,
        isSecret: Bool,
        isObject: Bool
    ) -> Int {
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var removal = PartRemoval()
        var (next, number) = (position + 1, 0)
        while cursor.byte(at: next) != close {
            let (start, value) = (next, isObject ? next + 2 : next)
            var part = JSONPart(start: start, value: value, end: value, after: value, element: isObject ? nil : number)
            let child = node?.child(of: part, cursor)
            let isNamed = unsafe isObject && hidesNamed && SecretNames.isSecret(cursor.stringBytes(start))
            let isWhole = child?.isEnd == true || (isNamed && cursor.isText(value))
            for path in child?.paths ?? [] { tally[1 + path] += 1 }
            if isWhole {
                let end = cursor.skip(value)
                part = part.ending(at: end, cursor)
                if texts.method == .remove {
                    removal.remove(part, rewriter)
                    (next, number) = (part.after, number + 1)
                    continue
                }
                if isObject { look(at: start, cursor) }
                hide(value..<end, cursor)
            } else {
                if isObject { look(at: start, cursor) }
                part = part.ending(at: walk(value, child, cursor, isSecret: isSecret || isNamed), cursor)
            }
            removal.keep(part)
            (next, number) = (part.after, number + 1)
        }
        return next + 1
    }

    /// Hides a value as a whole: of a string what it says, of anything else its JSON text.
    private func hide(_ tokens: Range<Int>, _ cursor: JSONCursor) {
        let slice = cursor.slice(tokens.lowerBound)
        scratch.removeAll()
        if slice.kind == .string {
            unsafe JSONText.decode(slice.bytes) { scratch.append($0) }
        } else {
            cursor.appendCompact(tokens.lowerBound, to: scratch)
        }
        unsafe put(texts.replacement(for: Array(scratch.bytes)), tokens)
    }

    /// Hides what is found in a string, a key among them.
    private func look(at position: Int, _ cursor: JSONCursor) {
        guard !texts.isIdle else { return }
        let bytes = unsafe cursor.stringBytes(position)
        guard unsafe JSONText.hasBackslash(bytes) else {
            if let text = unsafe texts.redacted(bytes) { put(text, position..<position + 1) }
            return
        }
        scratch.removeAll()
        unsafe JSONText.decode(bytes) { scratch.append($0) }
        if let text = unsafe texts.redacted(scratch.bytes) { put(text, position..<position + 1) }
    }

    /// Hides what is found in a number, which becomes a text then.
    private func look(atNumber position: Int, _ cursor: JSONCursor) {
        guard !texts.isIdle, let text = unsafe texts.redacted(cursor.slice(position).bytes) else { return }
        put(text, position..<position + 1)
    }

    private func put(_ text: [UInt8], _ tokens: Range<Int>) {
        var escaped: [UInt8] = []
        JSONText.escape(text, into: &escaped)
        unsafe escaped.withUnsafeBufferPointer { unsafe rewriter.replace(tokens, string: $0) }
    }
}

extension RedactTransform {
    private static let leastKeyBytes = 16

    /// The key of the hash, of which no message shows anything; nil without one.
    private static func key(_ options: Options) throws(OptionError) -> [UInt8]? {
        guard options.method == .hash else {
            guard options.keyVariable == nil else {
                throw OptionError(option: "key_env", "is for method hash; the method is \(options.method.rawValue)")
            }
            return nil
        }
        guard let variable = options.keyVariable else {
            throw OptionError(
                option: "method",
                "needs 'key_env' beside it: the variable that holds the key of the hash"
            )
        }
        guard let value = unsafe getenv(variable) else {
            throw OptionError(option: "key_env", "names the environment variable '\(variable)', which is not set")
        }
        let key = unsafe Array(UnsafeBufferPointer(start: value, count: strlen(value))).map { UInt8(bitPattern: $0) }
        guard key.count >= leastKeyBytes else {
            throw OptionError(
                option: "key_env",
                "names the environment variable '\(variable)', whose value is shorter than \(leastKeyBytes) bytes"
            )
        }
        return key
    }

    private static func compile(_ pattern: String) throws(OptionError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw OptionError(
                option: "patterns",
                "has '\(pattern)', which is no regular expression: \(error.reason) at offset \(error.offset)",
                label: "offset \(error.offset) of the pattern",
                at: pattern
            )
        }
    }
}

extension JSONPart {
    /// The part with its end, and where the next one begins.
    fileprivate func ending(at end: Int, _ cursor: JSONCursor) -> JSONPart {
        let after = cursor.byte(at: end) == UInt8(ascii: ",") ? end + 1 : end
        return JSONPart(start: start, value: value, end: end, after: after, element: element)
    }
}

extension JSONCursor {
    /// True for a string or a number.
    fileprivate func isText(_ position: Int) -> Bool {
        let first = byte(at: position)
        return first == UInt8(ascii: "\"") || first == UInt8(ascii: "-") || first &- 0x30 < 10
    }
}

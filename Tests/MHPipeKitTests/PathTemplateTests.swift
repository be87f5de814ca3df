import MHPipeKit
import Testing

/// Paths with fields in them, and what events make of them.
@Suite struct PathTemplateTests {
    /// The paths below the folder that records lead to.
    private func paths(_ template: String, _ records: String...) throws -> [String] {
        let template = try PathTemplate(parsing: template)
        var encoder = OutputFiles(template).encoder(JSONLinesEncoder())
        var paths: [String] = []
        for record in records {
            let output = OutputBuffer()
            try encoder.encode(EventBatch(records: [record]), into: output)
            try encoder.finishUnit(into: output)
            paths += FileFrame.paths(in: output)
        }
        return paths
    }

    @Test(arguments: [
        ("lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl.gz", "lake"), ("{a}", "."), ("/{a}", "/"),
        ("/data/lake/x-{a}.csv", "/data/lake"), ("../up/{a}", "../up"), ("a b/{a}/c", "a b"), ("./{a}", "."),
        ("{{x}}/{a}", "{x}"),
    ])
    func theFolderIsWhatStandsBeforeTheFirstField(template: String, folder: String) throws {
        let template = try PathTemplate(parsing: template)
        #expect(template.folder == folder)
        #expect(template.pathUses == [.outputFiles(template)])
        #expect(template.file == nil)
    }

    @Test(arguments: [
        ("out.jsonl", "out.jsonl"), ("-", "-"), ("a{{b}}.csv", "a{b}.csv"), ("/dev/stdout", "/dev/stdout"),
    ])
    func aPathWithoutAFieldIsOneFile(template: String, file: String) throws {
        let template = try PathTemplate(parsing: template)
        #expect(template.file == file)
        #expect(template.pathUses == [.output(file)])
        #expect(template.fieldPaths.isEmpty)
    }

    @Test(arguments: [
        ("a/{x", "{x", "has a '{' without a '}'"), ("a/x}", "}", "has a '}' without a '{'"),
        ("a/{}", "{}", "has braces without a field"), ("a/{x..y}", "x..y", "has 'x..y', which is no field path"),
        ("a/{x}/../y", "a/{x}/../y", "has '.' or '..' behind a field"),
        ("a/{x}//y", "a/{x}//y", "has nothing between two slashes"),
        ("a/{x}/", "/", "ends in '/'"), ("a/{t:day}", "day", "has a time format without a time: 'day'"),
        ("a/{t:%Q}", "%Q", "has a time format that cannot be read: '%Q'"), ("a/{t:}", "", "has a time format without"),
        ("a/{t:%Y/%q}", "%q", "has a time format that cannot be read: '%q'"),
    ])
    func aMistakeIsShownWhereItStands(text: String, part: String, message: String) throws {
        let node = ConfigNode(text: text, span: SourceSpan(line: 1, column: 1), places: TextPlaces(of: text))
        let mistake = #expect(throws: OptionError.self) { try PathTemplate(config: node) }
        #expect(mistake?.message.hasPrefix(message) == true, "\(mistake?.message ?? "")")
        let span = try #require(mistake?.span)
        let found = text.dropFirst(span.column - 1).prefix(span.length)
        #expect(part.isEmpty || found == part)
    }

    @Test func fieldsAndTimesArePutIn() throws {
        let record =
            #"{"recipientAccountId":"111122223333","eventTime":"2026-01-31T23:59:59Z","n":7,"ok":true,"userIdentity":{"type":"Root"}}"#
        #expect(
            try paths("lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl", record) == [
                "111122223333/2026-01-31.jsonl"
            ]
        )
        #expect(try paths("l/{eventTime:%Y/%m/%d}/{eventTime:%H-%M-%S}", record) == ["2026/01/31/23-59-59"])
        #expect(try paths("l/{n}-{ok}-{userIdentity.type}", record) == ["7-true-Root"])
        #expect(try paths("l/{eventTime:100%%-%Y}", record) == ["100%-2026"])
    }

    @Test(arguments: ["{}", #"{"a":null}"#, #"{"a":""}"#])
    func whatIsNotThereIsNone(record: String) throws {
        #expect(try paths("l/{a}/{a:%Y-%m-%d}", record) == ["_none/_none"])
    }

    @Test(arguments: [
        ("..", "%2E."), (".", "%2E"), ("../x", "%2E.%2Fx"), ("/etc/passwd", "%2Fetc%2Fpasswd"), ("a/b", "a%2Fb"),
        (#"a\\b"#, "a%5Cb"), (#"a\u0000b"#, "a%00b"), (#"\n"#, "%0A"), ("a b", "a%20b"), ("é", "%C3%A9"),
        ("%2F", "%252F"), ("_none", "%5Fnone"), ("A-z_0.9+=@,", "A-z_0.9+=@,"), (".hidden", "%2Ehidden"),
        (#"\u202e"#, "%E2%80%AE"), ("*", "%2A"), ("~", "%7E"), ("aux:", "aux%3A"),
    ])
    func whatAFieldHoldsIsOneName(value: String, name: String) throws {
        #expect(try paths("l/{a}/x", "{\"a\":\"\(value)\"}") == ["\(name)/x"])
        #expect(try paths("l/{a}{a}", "{\"a\":\"\(value)\"}") == [name + name])
    }

    @Test func anObjectIsOneNameToo() throws {
        #expect(try paths("l/{a}", #"{"a":{"b":[1]}}"#) == ["%7B%22b%22%3A%5B1%5D%7D"])
    }

    @Test func longValuesAreCutAndStayApart() throws {
        let long = String(repeating: "é/", count: 3000)
        let names = try paths("l/{a}-{b}.jsonl", "{\"a\":\"\(long)\",\"b\":\"x\"}", "{\"a\":\"\(long)y\",\"b\":\"x\"}")
        #expect(names.allSatisfy { $0.utf8.count <= 200 && $0.hasSuffix("-x.jsonl") && !$0.contains("/") })
        #expect(Set(names).count == 2)
        // No escape is cut in two.
        #expect(names.allSatisfy { $0.wholeMatch(of: /(%[0-9A-F]{2}|[^%])*/) != nil })
    }

    @Test func aTextMakesTheNameThatATemplateMakes() throws {
        for text in ["", "..", "a/b", "x", "é"] {
            #expect(try paths("l/{a}", "{\"a\":\"\(text)\"}") == [text.pathName])
        }
    }

    @Test func whatTransformsAddCounts() throws {
        let batch = EventBatch(records: ["{\"team\":\"old\"}"])
        batch.addColumn("team").set(.string("pay/ments"), row: 0)
        var encoder = OutputFiles("l/{team}").encoder(JSONLinesEncoder())
        let output = OutputBuffer()
        try encoder.encode(batch, into: output)
        try encoder.finishUnit(into: output)
        #expect(FileFrame.paths(in: output) == ["pay%2Fments"])
    }
}

/// The paths of the pieces that an encoder made.
private enum FileFrame {
    static func paths(in output: OutputBuffer) -> [String] {
        var bytes = Array(output.bytes)[...]
        var paths: [String] = []
        while !bytes.isEmpty {
            let path = Int(bytes[bytes.startIndex]) + Int(bytes[bytes.startIndex + 1]) << 8
            let head = Array(bytes.dropFirst(8).prefix(8))
            let count = head.reversed().reduce(0) { $0 << 8 | Int($1) }
            paths.append(String(decoding: bytes.dropFirst(32).prefix(path), as: UTF8.self))
            bytes = bytes.dropFirst(32 + path + count)
        }
        return paths
    }
}

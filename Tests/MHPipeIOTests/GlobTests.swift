import Testing

@testable import MHPipeIO

@Suite struct GlobTests {
    /// A pattern, paths that it matches, and paths that it does not.
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let matching: [String]
        let other: [String]

        init(_ pattern: String, _ matching: [String], not other: [String]) {
            self.pattern = pattern
            self.matching = matching
            self.other = other
        }

        var testDescription: String { pattern }
    }

    static let cases: [Case] = [
        Case("a.json", ["a.json", "x/a.json", "x/y/a.json"], not: ["b.json", "a.json/x", "xa.json", "a.jsonl"]),
        Case("/a.json", ["a.json"], not: ["x/a.json"]),
        Case("./a.json", ["a.json"], not: ["x/a.json"]),
        Case("x/a.json", ["x/a.json"], not: ["a.json", "y/x/a.json"]),
        Case("*.json", ["a.json", ".json", "x/b.json", "x/y/äö ü.json"], not: ["a.jsonl", "json", "a.json/b"]),
        Case("**/*.json.gz", ["a.json.gz", "x/y/z/a.json.gz"], not: ["a.json", "a.json.gz.tmp", "x/a.gz"]),
        Case("2024/*.json", ["2024/a.json"], not: ["2024/01/a.json", "x/2024/a.json", "2024/a.jsonl"]),
        Case("2024/**/*.json", ["2024/a.json", "2024/01/02/a.json"], not: ["a.json", "2025/a.json", "2024/a.txt"]),
        Case("2024/**", ["2024/a", "2024/01/b"], not: ["2024", "2024x/a"]),
        Case("2024/", ["2024/a", "2024/01/b", "x/2024/a"], not: ["2024", "2024x/a"]),
        Case("/2024/", ["2024/a"], not: ["x/2024/a"]),
        Case("x/2024/", ["x/2024/a"], not: ["y/x/2024/a"]),
        Case("**", ["a", "x/y"], not: []),
        Case("**/**/a", ["a", "x/a", "x/y/z/a"], not: ["b"]),
        Case("**/us-*/**/*.gz", ["us-1/a.gz", "x/us-1/y/z/a.gz"], not: ["x/a.gz", "eu-1/a.gz", "us-1/a.json"]),
        Case("a**b", ["ab", "axxb", "x/ab"], not: ["a/b"]),
        Case("*a*b*", ["ab", "xaxbx", "aab", "x/ab"], not: ["ba", "a", "a/b"]),
        Case("**/a*/b*c", ["a/bc", "x/a1/b1c", "a/x/a/bc"], not: ["a/x/bc", "a/b"]),
        Case("?.json", ["a.json", "ä.json", "語.json", "x/b.json"], not: ["ab.json", ".json", "/.json"]),
        Case("[ab].json", ["a.json", "b.json"], not: ["c.json", "ab.json"]),
        Case("[a-c0-9].json", ["b.json", "7.json"], not: ["d.json", "-.json"]),
        Case("[!a-c].json", ["d.json", "ä.json"], not: ["a.json", ".json"]),
        Case("[^a].json", ["b.json"], not: ["a.json"]),
        Case("[]x].json", ["].json", "x.json"], not: ["y.json"]),
        Case("[a-].json", ["a.json", "-.json"], not: ["b.json"]),
        Case("[à-ü].json", ["é.json"], not: ["e.json", "z.json"]),
        Case("x[!a]y", [], not: ["x/y"]),
        Case("x?y", ["xzy"], not: ["x/y"]),
        Case("*.{json,jsonl}", ["a.json", "a.jsonl"], not: ["a.txt", "a.{json,jsonl}"]),
        Case("*.json{,.gz}", ["a.json", "a.json.gz"], not: ["a.gz"]),
        Case("{2023,2024}/**/*.json", ["2023/a.json", "2024/x/a.json"], not: ["2025/a.json", "x/2023/a.json"]),
        Case("{**/,}a", ["a", "x/a"], not: ["b"]),
        Case("a{b,{c,d}e}f", ["abf", "acef", "adef"], not: ["aef", "acf"]),
        Case("a,b", ["a,b"], not: ["a", "b"]),
        Case("\\*.json", ["*.json"], not: ["a.json"]),
        Case("\\[a\\]\\{b\\}", ["[a]{b}"], not: ["a{b}"]),
        Case("[{,}]", ["{", ",", "}"], not: ["a"]),
        Case("A.JSON", ["A.JSON"], not: ["a.json"]),
    ]

    @Test(arguments: cases)
    func `a pattern matches what it says`(item: Case) throws {
        let glob = try Glob(item.pattern)
        for path in item.matching { #expect(glob.matches(Array(path.utf8)), "\(path)") }
        for path in item.other { #expect(!glob.matches(Array(path.utf8)), "\(path)") }
    }

    @Test(arguments: [
        ("CloudTrail-Digest", "x/CloudTrail-Digest", true),
        ("CloudTrail-Digest/", "x/CloudTrail-Digest", true),
        ("**/CloudTrail-Digest/**", "x/CloudTrail-Digest", true),
        ("x/**", "x", true),
        ("x/**", "y", false),
        ("x/*", "x", false),
        ("x/*.json", "x", false),
        ("/x/**", "y/x", false),
    ])
    func `a folder can match as a whole`(pattern: String, path: String, matches: Bool) throws {
        #expect(try Glob(pattern).matchesFolder(Array(path.utf8)) == matches)
    }

    @Test func `bytes that are not UTF-8 count as characters of their own`() throws {
        let path: [UInt8] = Array("x/".utf8) + [0x61, 0xff, 0xfe, 0x62]
        #expect(try Glob("a??b").matches(path))
        #expect(try Glob("*b").matches(path))
        #expect(try Glob("a[!z][!z]b").matches(path))
        #expect(try !Glob("a?b").matches(path))
        #expect(try !Glob("a[a-z]*").matches(path))
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("/", "it is empty"),
        ("a[b", "its '[' is not closed"),
        ("a[]", "its '[' is not closed"),
        ("[z-a]", "its range 'z-a' runs backwards"),
        ("{a,b", "its '{' is not closed"),
        ("a}", "its '}' has no '{' before it"),
        ("a\\", "it ends with a backslash"),
        (String(repeating: "{a,b}", count: 9), "its braces stand for more than 256 patterns"),
    ])
    func `what is no pattern is refused with the reason`(pattern: String, message: String) {
        let error = #expect(throws: GlobError.self) { try Glob(pattern) }
        #expect(error?.description == message)
    }

    @Test func `a hostile pattern takes no time`() throws {
        let glob = try Glob(String(repeating: "*a", count: 50) + "/**/" + String(repeating: "**/a*", count: 50) + "c")
        let path = Array(String(repeating: String(repeating: "a", count: 200) + "/", count: 20).utf8)
        #expect(!glob.matches(path))
    }
}

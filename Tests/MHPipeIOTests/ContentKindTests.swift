import Testing

@testable import MHPipeIO

@Suite struct ContentKindTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let reason: String

        init(_ name: String, _ bytes: [UInt8], _ reason: String) {
            (self.name, self.bytes, self.reason) = (name, bytes, reason)
        }

        init(_ name: String, _ text: String, _ reason: String) {
            self.init(name, Array(text.utf8), reason)
        }

        var testDescription: String { name }
    }

    private static func packed(_ program: String, _ command: String) -> String {
        "compressed with \(program), and only gzip and zstd are read; decompress it first: \(command)"
    }

    private static func encoded(_ encoding: String, _ name: String) -> String {
        "text in \(encoding), and UTF-8 is read; convert it first: iconv -f \(name) -t UTF-8 FILE > NEW"
    }

    private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    private static let tar = Array("a.json".utf8) + [UInt8](repeating: 0, count: 251) + Array("ustar\0".utf8)
    private static let elsewhere =
        "name CloudTrail's own files, or the folder that they are in: mhpipe convert FOLDER OUTPUT"
    private static let table = "read the files that it was made of, or export it as JSON lines"

    static let formats = [
        Case("bzip2", "BZh91AY&SY", packed("bzip2", "bunzip2 FILE")),
        Case("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], packed("xz", "unxz FILE")),
        Case("lz4", [0x04, 0x22, 0x4D, 0x18, 0x64], packed("lz4", "lz4 -d FILE NEW")),
        Case("compress", [0x1F, 0x9D, 0x90, 0], packed("compress", "uncompress FILE")),
        Case("zip", [0x50, 0x4B, 3, 4, 20], "a zip archive; unpack it first: unzip FILE"),
        Case("an empty zip", [0x50, 0x4B, 5, 6, 0], "a zip archive; unpack it first: unzip FILE"),
        Case("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive; unpack it first: 7z x FILE"),
        Case("tar", tar, "a tar archive; unpack it first: tar -xf FILE"),
        Case("Parquet", "PAR1\u{15}\0", "Parquet data, and JSON is read; \(table)"),
        Case("ORC", "ORC\u{8}", "ORC data, and JSON is read; \(table)"),
        Case("Avro", "Obj\u{1}\u{4}", "Avro data, and JSON is read; \(table)"),
        Case("SQLite", "SQLite format 3\0\u{10}", "a SQLite database; query it: sqlite3 FILE"),
        Case(
            "PNG",
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
            "an image (PNG), and JSON is read; \(elsewhere)"
        ),
        Case("JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "an image (JPEG), and JSON is read; \(elsewhere)"),
        Case("GIF", "GIF89a", "an image (GIF), and JSON is read; \(elsewhere)"),
        Case("WebP", "RIFF\0\0\0\0WEBP", "an image (WebP), and JSON is read; \(elsewhere)"),
        Case("PDF", "%PDF-1.7", "a PDF document, and JSON is read; \(elsewhere)"),
        Case("a program", "\u{7F}ELF", "a program, and JSON is read; \(elsewhere)"),
        Case(
            "an old Office document",
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1],
            "an Office document, and JSON is read; export JSON, or take CloudTrail's own files from the bucket"
        ),
        Case("UTF-16 with a mark", [0xFF, 0xFE] + utf16("{}", bigEndian: false), encoded("UTF-16", "UTF-16")),
        Case("UTF-16, big end first", [0xFE, 0xFF] + utf16("{}", bigEndian: true), encoded("UTF-16", "UTF-16")),
        Case("UTF-16 without a mark", utf16("{\"Re", bigEndian: false), encoded("UTF-16", "UTF-16LE")),
        Case("UTF-16 without a mark, big end first", utf16("{\"Re", bigEndian: true), encoded("UTF-16", "UTF-16BE")),
        Case("UTF-32 with a mark", [0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], encoded("UTF-32", "UTF-32")),
        Case("UTF-32 without a mark", [0x7B, 0, 0, 0, 0x22, 0, 0, 0], encoded("UTF-32", "UTF-32LE")),
        Case("UTF-32 without a mark, big end first", [0, 0, 0, 0x7B, 0, 0, 0, 0x22], encoded("UTF-32", "UTF-32BE")),
    ]

    @Test(arguments: formats)
    func `a format is told by its first bytes, with what to do`(_ test: Case) {
        #expect(ContentKind(test.bytes) == .other(test.reason))
        #expect(ContentKind(test.bytes + [UInt8](repeating: 0x41, count: 1000)) == .other(test.reason))
    }

    static let texts = [
        Case(
            "an error of S3",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>x</Message></Error>",
            "an error answer of S3 (AccessDenied) in place of the file; fetch the file again"
        ),
        Case(
            "an error of S3 without a declaration",
            "\u{FEFF} <Error>\n  <Code>NoSuchKey</Code></Error>",
            "an error answer of S3 (NoSuchKey) in place of the file; fetch the file again"
        ),
        Case("XML", "<?xml version=\"1.0\"?>\n<a/>", "XML, and JSON is read; \(elsewhere)"),
        Case(
            "an HTML page",
            "<!DOCTYPE html>\n<html><head>\n",
            "an HTML page in place of the file; fetch the file again, and look at what was answered"
        ),
        Case(
            "PEM",
            "-----BEGIN CERTIFICATE-----\nMIIB",
            "a key or a certificate (PEM), and JSON is read; \(elsewhere)"
        ),
        Case(
            "names of objects",
            "s3://bucket/a.json.gz\ns3://bucket/b.json.gz\n",
            "names of objects, not what is in them; copy them first: aws s3 cp"
        ),
        Case(
            "Git LFS",
            "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "a Git LFS pointer in place of the file; fetch the file: git lfs pull"
        ),
        Case("a table of the console", "Event time,User name,Event name,Resource type\n2026,a,b,\"{x}\"\n", csv),
        Case(
            "a table of Athena",
            "\"eventversion\",\"useridentity\",\"eventtime\"\n\"1.08\",\"{type=Root}\",\"x\"\n",
            csv
        ),
        Case("a table of two columns", "eventName;count\nConsoleLogin;3\n", csv),
        Case("a table with tabs", "a\tb\tc\r\n1\t2\t3\r\n", csv),
        Case("zero bytes", "\0\0\0\0\0\0", "zero bytes alone; what was there is lost, so fetch the file again"),
        Case(
            "something else",
            "abc\0\0\u{1}\u{2}",
            "binary data of an unknown kind; JSON is read, as it is or compressed with gzip; see what it is: file FILE"
        ),
    ]

    private static let csv =
        "a table (CSV), and JSON is read; export JSON, or take CloudTrail's own files from the bucket"

    @Test(arguments: texts)
    func `a text that is no JSON is told by how it begins`(_ test: Case) {
        #expect(ContentKind(test.bytes) == .text)
        #expect(ContentKind.foreignText(test.bytes, isWhole: true) == test.reason)
        // A line that may be a record is never given up for what stands above it.
        #expect(ContentKind.foreignText(test.bytes + Array("\n {\"eventVersion\":1}\n".utf8), isWhole: true) == nil)
    }

    @Test(arguments: [
        "{\"Records\":[]}", " \n [1]", "\u{FEFF}{}", "{", "", "hello, world", "one,two\n",
        "\"a\":\"b\",\"c\":\"d\",\"e\"\n",
        "{\0\"a\":1}", "2026-05-01T00:00:00Z {\"eventVersion\":1}\n", "<a>",
        "\"eventVersion\":\"1.08\",\"a\":1,\"b\":2",
    ])
    func `anything else is left to the reader of JSON`(_ text: String) {
        #expect(ContentKind(Array(text.utf8)) == .text)
        #expect(ContentKind.foreignText(Array(text.utf8), isWhole: true) == nil)
    }

    private static let noObject = "text without any JSON object; see what it is: head FILE"
    private static let binary =
        "binary data of an unknown kind; JSON is read, as it is or compressed with gzip; see what it is: file FILE"
    private static let yaml = "YAML, and JSON is read; convert it first: yq -o json FILE > NEW"

    @Test(arguments: [
        Case("a text", "hello world\nthis is text\n", noObject), Case("a word", "x", noObject),
        Case("a page in Markdown", "# Title\n\nSome *text*, [a link](b).\n", noObject),
        Case("a letter", "From: a@b\nReceived: x\nReceived: y\n\nbody\n", noObject),
        Case("lines of a log", "INFO: a\nINFO: b\n", noObject),
        Case("lines with times", "2024-05-01T12:00:00Z INFO a\n2024-05-01T12:00:01Z INFO b\n", noObject),
        Case("a flow log", "2 123456789010 eni-1 172.31.16.139 ACCEPT OK\n", noObject),
        Case("Latin 1", [0x43, 0x61, 0x66, 0xE9, 0x20, 0x61], noObject),
        Case("settings", "key = \"value\"\nother = 1\n", noObject),
        Case("the first byte of gzip alone", [0x1F], binary), Case("control characters", "ab\u{1}\u{2}c\n", binary),
        Case(
            "a script",
            "#!/bin/sh\necho hi\n",
            "a script, and JSON is read; read what it prints: sh FILE | mhpipe convert - OUTPUT"
        ),
        Case("a pipeline", "# audit\nsources:\n  s: {type: file}\n", "a pipeline, not events; run it: mhpipe run FILE"),
        Case("YAML", "a: 1\nb:\n  - x\n", yaml), Case("YAML that says so", "---\nhello\n", yaml),
        Case("a list in YAML", "- a\n- b: 1\n", yaml),
        Case("Base64 of JSON", "eyJSZWNvcmRzIjpbXX0K\n", "Base64; decode it first: base64 -d FILE > NEW"),
        Case("Base64 of gzip", "H4sIAAAAAAAAA6tWSk/\nAAAA==\n", "Base64; decode it first: base64 -d FILE > NEW"),
    ])
    func `a file that cannot hold an object is told`(_ test: Case) {
        #expect(ContentKind(test.bytes) == .text)
        #expect(ContentKind.foreignText(test.bytes, isWhole: true, isFile: true) == test.reason)
        // What comes out of an envelope is a bad record.
        #expect(ContentKind.foreignText(test.bytes, isWhole: true) == nil)
        for more in ["\n {\"eventVersion\":1}\n", "\n{}", "\n\"eventVersion\" : 1}\n"] {
            #expect(ContentKind.foreignText(test.bytes + Array(more.utf8), isWhole: true, isFile: true) == nil)
        }
    }

    @Test(arguments: [
        "null", "true\n", "\"text\"", "\"a text\"\n", "42", "-1.5e3\n", "", " \n", "{", "[",
        "CloudTrail validation message.",
        "2026-01-01T00:00:00Z CloudTrail validation message.\n", "eventVersion\":\"1.08\"}",
    ])
    func `what may be JSON, or a message of AWS, is left to its reader`(_ text: String) {
        #expect(ContentKind.foreignText(Array(text.utf8), isWhole: true, isFile: true) == nil)
    }

    @Test func `zeros alone do not make an encoding`() {
        #expect(ContentKind([0x7B, 0]) == .other(Self.encoded("UTF-16", "UTF-16LE")))
        #expect(ContentKind([0x7B, 0, 0x22, 0x52]) == .text)
        #expect(ContentKind([0, 0, 0, 0x7B, 0x22, 0x52, 0x65, 0x63]) == .text)
    }

    @Test func `a header is told by its whole line`() {
        #expect(ContentKind.foreignText(Array("a,b,c".utf8), isWhole: false) == nil)
        #expect(ContentKind.foreignText(Array("a,b,c\n".utf8), isWhole: false) == Self.csv)
    }

    @Test func `gzip is told by two bytes, JSON by four, the rest by many`() {
        #expect(ContentKind([0x1F, 0x8B]) == .gzip)
        #expect(ContentKind([0x28, 0xB5, 0x2F, 0xFD]) == .zstd)
        #expect(ContentKind([0x5A, 0x2A, 0x4D, 0x18]) == .zstd)
        #expect(ContentKind([0x50, 0x2A]) == .text)
        #expect(ContentKind.isTold([0x1F, 0x8B]))
        #expect(!ContentKind.isTold(Array("{\"R".utf8)))
        #expect(ContentKind.isTold(Array("{\"Re".utf8)))
        #expect(!ContentKind.isTold(Array("    ".utf8)))
        #expect(!ContentKind.isTold(Array(Self.tar.prefix(256))))
        #expect(ContentKind.isTold([UInt8](repeating: 0x41, count: 512)))
    }
}

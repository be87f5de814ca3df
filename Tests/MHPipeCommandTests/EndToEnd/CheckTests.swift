import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// `mhpipe check` as a process: it finds what `mhpipe run` would trip over.
@Suite struct CheckTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "logs/a.json")
        try folder.write("kept", to: "old.jsonl")
        try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: false)
    }

    private func pipeline(_ source: String, _ sink: String) throws {
        try folder.write("sources:\n  s: {\(source)}\nsinks:\n  a: {\(sink)}\n", to: "p.conf")
    }

    /// Everything in the folder, but for the streams of the process.
    private func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path("")).sorted()
    }

    struct Case: CustomTestStringConvertible {
        var source = "type: directory, path: logs"
        var sink = "type: jsonl, path: out.jsonl"
        let message: String

        var testDescription: String { message }
    }

    @Test(arguments: [
        Case(sink: "type: jsonl, path: no/such/out.jsonl", message: "4:26|the folder 'no/such' does not exist"),
        Case(sink: "type: csv, path: logs/a.json/out.csv", message: "4:24|'logs/a.json' is not a folder"),
        Case(sink: "type: jsonl, path: folder", message: "4:26|cannot write 'folder': it is a folder"),
        Case(
            sink: "type: csv, path: new/",
            message: "4:24|cannot write 'new/': its name ends in '/', as only a folder's does"
        ),
        Case(sink: "type: sqlite, path: folder", message: "4:27|cannot write 'folder': it is a folder"),
        Case(sink: "type: sqlite, path: ':memory:'", message: "4:27|a database in memory would be gone at the end"),
        Case(sink: "type: sqlite, path: /dev/null", message: "4:27|it is no regular file, which a database needs"),
        Case(sink: "type: jsonl, path: $OUT/x.jsonl", message: "4:26|'$OUT' in '$OUT/x.jsonl' is not replaced"),
        Case(sink: "type: jsonl, path: ~/x.jsonl", message: "4:26|only shells know what '~' means"),
        Case(sink: "type: sqlite, path: s3://bucket/x.db", message: "4:27|mhpipe writes files"),
        Case(sink: "type: csv, path: gs://bucket/x.csv", message: "4:24|mhpipe writes files"),
        Case(sink: "type: csv, path: s3:/bucket/x.csv", message: "4:24|write 's3://bucket/x.csv'"),
        Case(sink: "type: csv, path: s3://bucket/", message: "4:24|names a bucket, and needs the key of an object"),
        Case(sink: "type: csv, path: s3://bucket/a/../x.csv", message: "4:24|has '.' or '..' in its key"),
        Case(sink: "type: csv, path: \"s3://b{awsRegion}/x.csv\"", message: "4:24|needs a bucket and a key"),
        Case(sink: "type: csv, path: s3://bucket/x.csv, rotate: 1MB", message: "4:51|is for files"),
        Case(sink: "type: csv, path: x.csv, region: eu-west-1", message: "4:39|is for a path that begins with s3://"),
        Case(sink: "type: csv, path: s3://bucket/$OUT.csv", message: "4:24|'$OUT' in 's3://bucket/$OUT.csv'"),
        Case(sink: "type: sqlite, path: \"{account}/{day}.db\"", message: "4:27|an output is one file"),
        Case(sink: "type: jsonl, path: \"o/{sourceIpAddress}.jsonl\"", message: "4:30|did you mean 'sourceIPAddress'?"),
        Case(sink: "type: jsonl, path: \"no/o/{awsRegion}.jsonl\"", message: "4:26|the folder 'no' does not exist"),
        Case(sink: "type: jsonl, path: \"old.jsonl/{awsRegion}\"", message: "4:26|'old.jsonl' is not a folder"),
        Case(sink: "type: csv, path: \"o/{awsRegion}/*.csv\"", message: "4:24|'*' in 'o/{awsRegion}/*.csv'"),
        Case(sink: "type: csv, path: \"o/{awsRegion}/%Y.csv\"", message: "4:24|write {eventTime:%Y-%m-%d}"),
        Case(sink: "type: csv, path: \"o/{awsRegion}.csv.xz\"", message: "4:24|would hold plain CSV"),
        Case(sink: "type: csv, path: \"o/{awsRegion:%Q}.csv\"", message: "4:38|known are %Y"),
        Case(sink: "type: jsonl, path: \"logs/{awsRegion}.json\"", message: "4:26|'a' writes into the folder"),
        Case(sink: "type: jsonl, path: \"{awsRegion}/x.json\"", message: "4:26|'a' may write into the folder"),
        Case(sink: "type: csv, path: out.csv.bz2", message: "4:24|would hold plain CSV"),
        Case(sink: "type: jsonl, path: out.parquet", message: "4:26|its name says Parquet"),
        Case(sink: "type: sqlite, path: out.db.gz", message: "4:27|would hold plain SQLite"),
        Case(source: "type: directory, path: $LOGS/AWSLogs", message: "2:30|in braces"),
        Case(source: "type: directory, path: ~/AWSLogs", message: "2:30|only shells know"),
        Case(source: "type: directory, path: s3://bucket/AWSLogs", message: "2:30|mhpipe reads files"),
        Case(source: "type: file, path: [logs/a.json, \"logs/*.gz\"]", message: "2:39|is a pattern"),
        Case(source: "type: file, path: logs", message: "2:25|'logs' is a folder, and source 's' reads a file"),
        Case(source: "type: directory, path: logs/a.json", message: "2:30|'logs/a.json' is a file"),
    ])
    func `a path that cannot work is a mistake, in check and in run`(_ test: Case) throws {
        try pipeline(test.source, test.sink)
        let before = try names()
        let parts = test.message.split(separator: "|")
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.status == 2)
            #expect(result.errors.hasPrefix("error: "))
            #expect(result.errors.contains("--> p.conf:\(parts[0])\n"))
            #expect(result.errors.contains(parts[1]))
        }
        #expect(try Set(names()).subtracting(["stdin", "stdout", "stderr"]) == Set(before))
    }

    @Test(arguments: ["out.jsonl ", " out.jsonl", "out.jsonl\\n", "\\tout.jsonl"])
    func `white space round a path is told of`(_ path: String) throws {
        try pipeline("type: directory, path: logs", "type: jsonl, path: \"\(path)\"")
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.status == 0)
            #expect(result.errors.hasPrefix("warning: the path '"), "\(result.errors)")
            #expect(result.errors.contains("did you mean 'out.jsonl'?"), "\(result.errors)")
            #expect(result.errors.contains("--> p.conf:4:26\n"), "\(result.errors)")
            #expect(result.errors.contains("1 warning"), "\(result.errors)")
        }
        // Once it is there, it is meant.
        #expect(try !mhpipe.run("check", "p.conf").errors.contains("white space"))
    }

    @Test func `limits that hardly anything is below are told of`() throws {
        for (text, warning) in [
            ("max_record_bytes: 1", "'max_record_bytes' is 1 byte, and hardly any record of CloudTrail is that small"),
            ("max_record_bytes: 64", "did you mean '64MiB'?"), ("max_file_bytes: 4", "hardly any file of CloudTrail"),
        ] {
            try pipeline("type: directory, path: logs", "type: jsonl, path: out.jsonl")
            let file = try String(decoding: folder.read("p.conf"), as: UTF8.self)
            try folder.write(text + "\n" + file, to: "p.conf")
            let result = try mhpipe.run("check", "p.conf")
            #expect(result.status == 0 && result.errors.contains(warning), "\(result.errors)")
        }
        try pipeline("type: directory, path: logs", "type: jsonl, path: out.jsonl")
        #expect(try !mhpipe.run("check", "p.conf").errors.contains("warning"))
    }

    @Test func `a folder that is closed is not taken for a missing one`() throws {
        guard ExternalProgram("setpriv") != nil, geteuid() == 0 else { return }
        try folder.write(Trail.file([Trail.hubCall]), to: "closed/a.json")
        try pipeline("type: file, path: closed/a.json", "type: jsonl, path: out.jsonl")
        #expect(chmod(folder.path(""), 0o777) == 0 && chmod(folder.path("closed"), 0o700) == 0)
        let result = try mhpipe.shell(#"setpriv --reuid=48213 --clear-groups "$mhpipe" check p.conf"#)
        #expect(result.errors.contains("cannot look at 'closed/a.json': Permission denied"), "\(result.errors)")
    }

    @Test func `the quarantine and the summary are outputs as well`() throws {
        try pipeline("type: directory, path: logs", "type: jsonl, path: out.jsonl")
        for (option, path, message) in [
            ("--quarantine", "no/bad.jsonl", "the folder 'no' does not exist"),
            ("--quarantine", "folder", "it is a folder"),
            ("--quarantine", "bad.jsonl.gz", "would hold plain JSON lines"),
            ("--quarantine", "$OUT/bad.jsonl", "'$OUT' in '$OUT/bad.jsonl' was not replaced"),
            ("--quarantine", "s3://bucket/bad.jsonl", "mhpipe writes files"),
            ("--summary", "no/s.json", "the folder 'no' does not exist"),
            ("--summary", "folder", "it is a folder"),
            ("--summary", "~/s.json", "only shells know what '~' means"),
            ("--summary", "s3://bucket/s.json", "mhpipe writes files"),
            ("--summary", "s.json.zst", "would hold plain JSON"),
        ] {
            let result = try mhpipe.run("run", "p.conf", option, path)
            #expect(result.status == 2, "\(option) \(path)")
            #expect(result.errors.contains(message), "\(option) \(path)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
        }
    }

    @Test func `convert finds the same`() throws {
        for (input, output, message) in [
            ("logs", "no/out.csv", "the folder 'no' does not exist"),
            ("logs", "folder", "OUTPUT 'folder' is a folder"),
            (
                "logs", "out.csv.bz2",
                "'out.csv.bz2' would hold plain CSV: only names that end in .gz or .zst are compressed"
            ),
            ("logs", "out.parquet", "Plugins/Parquet"),
            ("logs", "{day}.db", "an output is one file"), ("logs", "{awsRegion}.csv", "the folder '.' of OUTPUT"),
            ("logs", "o/{awsRegion.csv", "has a '{' without a '}'"),
            ("logs", "$OUT.csv", "'$OUT' in '$OUT.csv' was not replaced"),
            ("logs", "s3://bucket/out.db", "mhpipe writes files"),
            ("logs", "s3://bu/out.csv", "needs a bucket and a key"),
            ("s3://b/AWSLogs", "out.csv", "needs an address such as s3://bucket/prefix, not 's3://b/AWSLogs'"),
            ("~/AWSLogs", "out.csv", "only shells know what '~' means"),
            ("logs/*.gz", "out.csv", "shells replace it where a file matches"),
            ("gone", "out.csv", "'gone' is looked for in '"),
        ] {
            let result = try mhpipe.run("convert", input, output)
            #expect(result.status == 2, "\(input) \(output)")
            #expect(result.errors.contains(message), "\(input) \(output)")
        }
    }

    @Test func `what only looks like a mistake is read and written`() throws {
        let names = ["$LOGS", "~", "{a,b}", "a*b"]
        for name in names {
            // Outputs have fields in braces.
            let literal = name.replacing("{", with: "{{").replacing("}", with: "}}")
            try folder.write(Trail.file([Trail.hubCall]), to: name + "/a.json")
            try pipeline("type: directory, path: '\(name)'", "type: jsonl, path: '\(literal).d/out.jsonl'")
            #expect(try mhpipe.run("run", "p.conf").status == 2)
            try folder.write("", to: name + ".d/x")
            #expect(try mhpipe.run("run", "p.conf", "-q").errors == "")
            #expect(try folder.read(name + ".d/out.jsonl").count > 0)
        }
    }

    @Test func `an input may come later, and is looked for where mhpipe was started`() throws {
        try pipeline("type: directory, path: sub/logs", "type: jsonl, path: out.jsonl")
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("warning: there is no 'sub/logs' yet\n  --> p.conf:2:30\n"))
        let start = folder.url.resolvingSymlinksInPath().lastPathComponent
        #expect(result.errors.contains("\n   = 'sub/logs' is looked for in '"))
        #expect(result.errors.contains("/\(start)', where mhpipe was started\n"))
    }

    @Test func `an output whose name says something else is a warning`() throws {
        try pipeline("type: directory, path: logs", "type: csv, path: x.db")
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("warning: 'x.db' would hold CSV, and its name says SQLite\n"))
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a folder that takes no files is a mistake`() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path("folder"))
        try pipeline("type: directory, path: logs", "type: jsonl, path: folder/out.jsonl")
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.status == 2)
            #expect(result.errors.contains("cannot write 'folder/out.jsonl': Permission denied"))
        }
    }
}

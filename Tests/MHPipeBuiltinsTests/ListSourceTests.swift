import Foundation
import MHPipeAWS
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct ListSourceTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func listing(_ list: String) throws -> SourceListing {
        var options = ListSource.Options()
        options.path = InputPath(stringLiteral: try directory.write(list, to: "list"))
        return try SourceListing(ListSource.self, options)
    }

    @Test(arguments: ["%1\n%2\n", "%1\n%2", "%1\t6\n%2\t5\n", "\n%1\t6\n\n%2\n\n"])
    func `what is listed comes in the order of the list, whatever its endings`(form: String) throws {
        let first = try directory.write("second", to: "b.json")
        let second = try directory.write("first", to: "a no ending\t")
        let lines = form.replacing("%1", with: first)
        // A name with a tab needs its size, since what stands behind the last tab is one.
        let list = try listing(lines.replacing("%2", with: form.contains("%2\t") ? second : first))
        #expect(list.names == [first, form.contains("%2\t") ? second : first])
        #expect(try list.text(0) == "second")
        #expect(list.unreadable.isEmpty)
    }

    @Test func `what is not as the list says is reported, and the others are read`() throws {
        let good = try directory.write("text", to: "a.json")
        let missing = directory.path("missing.json")
        let list = try listing(
            [
                missing, good, directory.path(""), "\(good)\t5", "\(good)\tmany", "s3://bucket", "s3://bucket/folder/",
                "\t4",
            ].joined(separator: "\n")
        )
        #expect(list.names == [good])
        #expect(
            list.unreadable.map(\.reason) == [
                "No such file or directory", "it is a folder",
                "it has 4 bytes, and the list says 5: it has changed since it was listed",
                "what stands behind its tab is no size in bytes",
                "it is no address of an object, such as s3://bucket/key",
                "it is no address of an object, such as s3://bucket/key", "it names no file",
            ]
        )
    }

    /// What was a file when it was listed, and nobody writes to.
    @Test func `a pipe in the place of a file is not waited for`() throws {
        let path = directory.path("pipe.json")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(
            try listing("\(path)\t0\n").unreadable.map(\.reason) == [
                "it is a named pipe, and the list says 0 bytes: it has changed since it was listed"
            ]
        )
        #expect(try listing("\(path)\n").names == [path])
    }

    @Test(
        arguments: [
            ("s3://bucket/a", "s3://bucket/a", nil, nil), ("s3://bucket/a\t7", "s3://bucket/a", 7, nil),
            ("s3://bucket/a\t7\t\"x-2\"", "s3://bucket/a", 7, "x-2"),
            ("s3://bucket/a\t7\t8\t\"x\"", "s3://bucket/a\t7", 8, "x"),
            ("s3://bucket/a\t\"x\"\t7", "s3://bucket/a\t\"x\"", 7, nil),
            ("s3://bucket/a\t\"x\"\t7\t\"y\"", "s3://bucket/a\t\"x\"", 7, "y"),
            ("s3://bucket/a\t\"x\"", "s3://bucket/a", nil, "x"),
        ] as [(String, String, Int?, String?)]
    )
    func `an object has its size and its ETag behind it`(
        _ text: String,
        _ name: String,
        _ size: Int?,
        _ etag: String?
    ) throws {
        let line = try ListedLine(Array(text.utf8))
        guard case .object(let location) = line.place else {
            Issue.record("it is a file")
            return
        }
        #expect(location.url == name)
        #expect(line.size == size)
        #expect(line.etag == etag)
    }

    @Test(arguments: [
        "a.json\t7\t\"x\"", "s3://bucket/a\t7\t\"\"", "s3://bucket/a\t7\tx", "s3://bucket/a\t7\t\"x y\"",
        "s3://bucket/a\t7\t\"x",
    ])
    func `what is no ETag is not taken for one`(_ text: String) {
        #expect(throws: ListedLine.Mistake.self) { try ListedLine(Array(text.utf8)) }
    }

    @Test func `names in any bytes are read`() throws {
        let path = Array(directory.path("").utf8) + [0xFF, 0xC3, 0x20, 0x0D]
        try #require(
            path.withUnsafeBytes { mkfifoat(AT_FDCWD, Array($0.map(CChar.init(bitPattern:))) + [0], 0o600) } == 0
        )
        var options = ListSource.Options()
        try directory.write(Data(path + [0x0A]), to: "list")
        options.path = InputPath(stringLiteral: directory.path("list"))
        let list = try SourceListing(ListSource.self, options)
        #expect(list.unreadable.isEmpty)
        #expect(list.units.first?.id.name == path)
    }

    @Test func `more lines than are looked ahead come all`() throws {
        let path = try directory.write("text", to: "a.json")
        let list = try listing(String(repeating: "\(path)\n", count: 3000))
        #expect(list.names.count == 3000)
        #expect(list.warnings.count == 2999)
    }

    @Test func `an empty list is told of, and one that is not there ends the run`() throws {
        #expect(try listing("").warnings == ["nothing to read: the list is empty"])
        var options = ListSource.Options()
        options.path = "/no/such/list"
        let error = #expect(throws: StageError.self) { try SourceListing(ListSource.self, options) }
        #expect(error?.message == "cannot read '/no/such/list': No such file or directory")
    }
}

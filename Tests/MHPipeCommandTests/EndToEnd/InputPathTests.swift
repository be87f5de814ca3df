import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// Paths that are no UTF-8 are bytes all the way: where they are read, they open what they name.
@Suite(.enabled(if: isLinux, "macOS makes such names valid")) struct InputPathTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.hubCall + "\n", to: "one.json")
        try folder.write(Trail.otherCall + "\n", to: "two.json")
        try folder.write(
            "sources:\n  in: {type: file, path: \"${IN}\"}\nsinks:\n  out: {type: jsonl, path: '-'}\n",
            to: "file.conf"
        )
        try folder.write(
            "sources:\n  in: {type: directory, path: \"${IN}\"}\nsinks:\n  out: {type: jsonl, path: '-'}\n",
            to: "folder.conf"
        )
    }

    /// Two names that differ in a byte that is no text.
    private static let names = """
        x=$(printf 'd\\377')/$(printf 'a\\377.json'); y=$(printf 'd\\377')/$(printf 'a\\376.json'); d=$(printf 'd\\377')
        mkdir "$d"; cp one.json "$x"; cp two.json "$y"

        """

    @Test(
        arguments: [
            #""$mhpipe" convert -q "$x" -"#, #"IN="$x" "$mhpipe" run -q file.conf"#,
            #""$mhpipe" run -q file.conf --set IN="$x""#,
            #"ln -s "$x" link.json; "$mhpipe" convert -q link.json -"#, #"cd "$d"; "$mhpipe" convert -q "${x#*/}" -"#,
            #""$mhpipe" run -q file.conf --set sources.in.path="$x" --set IN=none"#,
            #"cp file.conf "$d/$x.conf" 2>/dev/null || cp file.conf "$x.conf"; "$mhpipe" run -q "$x.conf" --set IN="$x""#,
            #"rm "$y"; "$mhpipe" convert -q "$d" -"#, #"rm "$y"; "$mhpipe" run -q folder.conf --set IN="$d""#,
            #"rm "$y"; ln -s "$d" link; "$mhpipe" convert -q link -"#,
        ]
    )
    func `a path that is no UTF-8 opens its file`(command: String) throws {
        let result = try mhpipe.shell(Self.names + command)
        #expect(result.text == Trail.hubCall + "\n", "\(result.errors)")
        #expect(result.status == 0 && result.errors == "")
    }

    @Test func `names that differ in such a byte are two files`() throws {
        let both = try mhpipe.shell(Self.names + #""$mhpipe" convert "$x" "$y" -"#)
        #expect(both.text == Trail.hubCall + "\n" + Trail.otherCall + "\n")
        #expect(both.status == 0 && !both.errors.contains("warning"), "\(both.errors)")
        let walked = try mhpipe.shell(#""$mhpipe" convert "$(printf 'd\377')" - --summary s.json"#)
        #expect(walked.text == Trail.otherCall + "\n" + Trail.hubCall + "\n")
        #expect(walked.status == 0 && !walked.errors.contains("warning"), "\(walked.errors)")
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
        let stages = summary?["stages"] as? [[String: Any]]
        #expect(stages?.first?["paths"] as? [String] == ["d\u{FFFD}"])
    }

    @Test func `the same path twice is told, and what is not there is named`() throws {
        let twice = try mhpipe.shell(Self.names + #""$mhpipe" convert "$d" "$x" -"#)
        #expect(twice.text.split(separator: "\n").count == 3)
        #expect(twice.errors.contains("is read already by way of"))
        let missing = try mhpipe.shell(#""$mhpipe" run -q file.conf --set IN="$(printf 'no\377.json')""#)
        #expect(missing.status == 1)
        #expect(missing.errors.contains(#"'no\xFF.json'"#), "\(missing.errors)")
    }

    @Test func `an output is not taken for another file`() throws {
        let inside = try mhpipe.shell(Self.names + #""$mhpipe" convert "$d" "$d/out.jsonl""#)
        #expect(inside.status == 2 && inside.errors.contains("lies inside INPUT"))
        let same = try mhpipe.shell(
            #"x=$(printf 'a\377.jsonl'); cp one.json "$x"; "$mhpipe" convert --force "$x" "$x""#
        )
        #expect(same.status == 2, "\(same.errors)")
    }
}

#if os(Linux)
private let isLinux = true
#else
private let isLinux = false
#endif

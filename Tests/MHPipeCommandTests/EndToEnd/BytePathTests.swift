import Foundation
import MHPipeTestSupport
import Testing

#if os(Linux)
/// Names that are not UTF-8 lead where they should, as arguments, as values and as links.
///
/// The shell makes the names, since Foundation repairs them.
@Suite struct BytePathTests {
    private let mhpipe: Mhpipe
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "in.json")
        try folder.write(
            "sources: {s: {type: file, path: \"${IN:-in.json}\"}}\nsinks: {o: {type: jsonl, path: \"${OUT:-out.jsonl}\"}}",
            to: "p.conf"
        )
    }

    /// Runs a command in a folder of its own, in which `$n` is a byte that is no text; gives what is in the folder, as hex
    /// for names, and the first letter of each file.
    private func list(_ command: String) throws -> String {
        let script = """
            mkdir work; cp in.json p.conf work; cd work; n=$(printf '\\377')
            \(command)
            echo "exit $?"
            LC_ALL=C ls | grep -v 'in.json\\|p.conf' | od -An -tx1 -v | tr -d ' \\n'
            """
        let result = try mhpipe.shell(script)
        #expect(result.errors == "")
        return result.text
    }

    @Test func asTheOutputOfConvert() throws {
        #expect(
            try list(#""$mhpipe" convert -q in.json "o$n.jsonl" && test -s "o$n.jsonl""#)
                == "exit 0\n6fff2e6a736f6e6c0a"
        )
    }

    @Test func asTheTargetOfALink() throws {
        let command =
            #"echo OLD >"t$n"; ln -s "t$n" l.jsonl; "$mhpipe" convert -q --force in.json l.jsonl; head -c 1 "t$n""#
        #expect(try list(command) == "{exit 0\n6c2e6a736f6e6c0a74ff0a")
    }

    @Test func asAnInput() throws {
        #expect(try list(#"mv in.json "i$n"; "$mhpipe" convert -q "i$n" - | head -c 1"#) == "{exit 0\n69ff0a")
    }

    @Test func asAFolderOfInputs() throws {
        let command = #"mkdir "d$n"; mv in.json "d$n/a$n.json"; "$mhpipe" convert -q "d$n" - | head -c 1"#
        #expect(try list(command) == "{exit 0\n64ff0a")
    }

    @Test func asTheValueOfAVariable() throws {
        let command =
            #"mv in.json "i$n"; OUT="o$n.jsonl" "$mhpipe" run p.conf -q --set "IN=i$n"; head -c 1 "o$n.jsonl""#
        #expect(try list(command) == "{exit 0\n69ff0a6fff2e6a736f6e6c0a")
    }

    @Test func asThePipelineFileTheQuarantineAndTheSummary() throws {
        let command = #"""
            mv p.conf "p$n"; "$mhpipe" run "p$n" -q --quarantine "q$n.jsonl" --summary "s$n.json" && "$mhpipe" check "p$n" 2>&1
            """#
        let text = try list(command)
        #expect(text.hasPrefix(#"mhpipe: p\xFF: ok (1 source, 0 transforms, 1 sink)"# + "\nexit 0\n"))
        #expect(text.hasSuffix("\n6f75742e6a736f6e6c0a" + "70ff0a" + "71ff2e6a736f6e6c0a" + "73ff2e6a736f6e0a"))
    }

    @Test func asADatabase() throws {
        guard ExternalProgram("sqlite3") != nil else { return }
        let command = #""$mhpipe" convert -q in.json "o$n.db" && sqlite3 "o$n.db" 'SELECT eventName FROM events'"#
        #expect(try list(command) == "NotifyMigrationTaskState\nexit 0\n6fff2e64620a")
    }

    @Test func messagesShowTheByte() throws {
        let result = try mhpipe.shell(#""$mhpipe" convert in.json "no/$(printf 'o\377').jsonl""#)
        #expect(result.errors.hasPrefix(#"mhpipe: cannot write 'no/o\xFF.jsonl': the folder 'no' does not exist"#))
        let missing = try mhpipe.shell(#""$mhpipe" convert "$(printf 'i\377')" out.jsonl"#)
        #expect(missing.errors.hasPrefix(#"mhpipe: cannot read INPUT 'i\xFF': No such file or directory"#))
    }

    @Test func twoSuchNamesAreTwoFiles() throws {
        let command = #"""
            m=$(printf '\376'); cp in.json "i$n"; cp in.json "i$m"; "$mhpipe" convert -q "i$n" "i$m" - | wc -l | tr -d ' '
            "$mhpipe" run p.conf -q --set "IN=i$n" --set "OUT=i$m"
            """#
        #expect(try list(command).hasPrefix("2\nexit 0\n"))
    }
}
#endif

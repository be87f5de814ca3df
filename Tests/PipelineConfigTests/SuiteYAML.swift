/// Texts after yaml-test-suite (Ingy döt Net and others), under its names, and further ones of the same kinds: what YAML 1.2
/// makes of them, where every value is a text.
enum SuiteYAML {
    struct Case: Sendable {
        var name: String
        var text: String
        /// The tree as `JSONTree` decodes it; nil for what is no YAML, or what no pipeline file may hold.
        var tree: String?

        init(_ name: String, _ text: String, _ tree: String?) {
            (self.name, self.text, self.tree) = (name, text, tree)
        }
    }

    static let cases = suite + more

    private static let suite = [
        Case("3UYS", "escaped slash: \"a\\/b\"\n", #"["m",[[["t","escaped slash"],["t","a/b"]]]]"#),
        Case("4MUZ", "{\"foo\"\n: \"bar\"}\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case("4MUZ1", "{\"foo\"\n: bar}\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case("4MUZ2", "{foo\n: bar}\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case("5MUD", "---\n{ \"foo\"\n  :bar }\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case(
            "5T43",
            "- { \"key\":value }\n- { \"key\"::value }\n",
            #"["l",[["m",[[["t","key"],["t","value"]]]],["m",[[["t","key"],["t",":value"]]]]]]"#
        ),
        Case("58MP", "{x: :x}\n", #"["m",[[["t","x"],["t",":x"]]]]"#),
        Case(
            "9BXH",
            "---\n- { \"single line\", a: b}\n- { \"multi\n  line\", a: b}\n",
            #"["l",[["m",[[["t","single line"],["t",""]],[["t","a"],["t","b"]]]],["m",[[["t","multi line"],["t",""]],[["t","a"],["t","b"]]]]]]"#
        ),
        Case(
            "8KB6",
            "---\n- { single line, a: b}\n- { multi\n  line, a: b}\n",
            #"["l",[["m",[[["t","single line"],["t",""]],[["t","a"],["t","b"]]]],["m",[[["t","multi line"],["t",""]],[["t","a"],["t","b"]]]]]]"#
        ),
        Case(
            "DBG4",
            "# Outside flow collection:\n- ::vector\n- \": - ()\"\n- Up, up, and away!\n- -123\n- http://example.com/foo#bar\n# Inside flow collection:\n- [ ::vector,\n  \": - ()\",\n  \"Up, up and away!\",\n  -123,\n  http://example.com/foo#bar ]\n",
            #"["l",[["t","::vector"],["t",": - ()"],["t","Up, up, and away!"],["t","-123"],["t","http://example.com/foo#bar"],["l",[["t","::vector"],["t",": - ()"],["t","Up, up and away!"],["t","-123"],["t","http://example.com/foo#bar"]]]]]"#
        ),
        Case(
            "FBC9",
            "a!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~: safe\n?foo: safe question mark\n:foo: safe colon\n-foo: safe dash\nthis is#not: a comment\n",
            ##"["m",[[["t","a!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"],["t","safe"]],[["t","?foo"],["t","safe question mark"]],[["t",":foo"],["t","safe colon"]],[["t","-foo"],["t","safe dash"]],[["t","this is#not"],["t","a comment"]]]]"##
        ),
        Case("JEF9", "- |+\n\n\n", #"["l",[["t","\n\n"]]]"#),
        Case("JEF9/1", "- |+\n   \n", #"["l",[["t","\n"]]]"#),
        Case("JEF9/2", "- |+\n   ", #"["l",[["t","\n"]]]"#),
        Case(
            "4QFQ",
            "- |\n detected\n- >\n \n  \n  # detected\n- |1\n  explicit\n- >\n \t\n detected\n",
            #"["l",[["t","detected\n"],["t","\n\n# detected\n"],["t"," explicit\n"],["t","\t\ndetected\n"]]]"#
        ),
        Case("W9L4", "---\nblock scalar: |\n     \n  more spaces at the beginning\n  are invalid\n", nil),
        Case("5LLU", "block scalar: >\n \n  \n   \n invalid\n", nil),
        Case("S98Z", "empty block scalar: >\n \n  \n   \n # comment\n", nil),
        Case("R4YG", "- >\n \t\n detected\n", #"["l",[["t","\t\ndetected\n"]]]"#),
        Case(
            "P2AD",
            "- | # Empty header\n literal\n- >1 # Indentation indicator\n  folded\n- |+ # Chomping indicator\n keep\n\n- >1- # Both indicators\n  strip\n",
            #"["l",[["t","literal\n"],["t"," folded\n"],["t","keep\n\n"],["t"," strip"]]]"#
        ),
        Case(
            "F8Y9",
            " # Strip\n  # Comments:\nstrip: |-\n  # text\n  \n # Clip\n  # comments:\n\nclip: |\n  # text\n \n # Keep\n  # comments:\n\nkeep: |+\n  # text\n\n # Trail\n  # comments.\n",
            ##"["m",[[["t","strip"],["t","# text"]],[["t","clip"],["t","# text\n"]],[["t","keep"],["t","# text\n\n"]]]]"##
        ),
        Case(
            "A6F9",
            "strip: |-\n  text\nclip: |\n  text\nkeep: |+\n  text\n",
            #"["m",[[["t","strip"],["t","text"]],[["t","clip"],["t","text\n"]],[["t","keep"],["t","text\n"]]]]"#
        ),
        Case(
            "K858",
            "strip: >-\n\nclip: >\n\nkeep: |+\n\n",
            #"["m",[[["t","strip"],["t",""]],[["t","clip"],["t",""]],[["t","keep"],["t","\n"]]]]"#
        ),
        Case("DK95/0", "foo:\n \tbar\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case("DK95/1", "foo: \"bar\n\tbaz\"\n", nil),
        Case("DK95/2", "foo: \"bar\n  \tbaz\"\n", #"["m",[[["t","foo"],["t","bar baz"]]]]"#),
        Case("DK95/3", " \t\nfoo: 1\n", #"["m",[[["t","foo"],["t","1"]]]]"#),
        Case("DK95/4", "foo: 1\n\t\nbar: 2\n", #"["m",[[["t","foo"],["t","1"]],[["t","bar"],["t","2"]]]]"#),
        Case("DK95/5", "foo: 1\n \t\nbar: 2\n", #"["m",[[["t","foo"],["t","1"]],[["t","bar"],["t","2"]]]]"#),
        Case("DK95/6", "foo:\n  a: 1\n  \tb: 2\n", nil),
        Case("Y79Y/0", "foo: |\n\t\nbar: 1\n", nil),
        Case("Y79Y/1", "foo: |\n \t\nbar: 1\n", #"["m",[[["t","foo"],["t","\t\n"]],[["t","bar"],["t","1"]]]]"#),
        Case("Y79Y/2", "- [\n\t\n foo\n ]\n", #"["l",[["l",[["t","foo"]]]]]"#),
        Case("Y79Y/3", "- [\n\tfoo,\n foo\n ]\n", nil),
        Case("Y79Y/4", "-\t-\n", nil),
        Case("Y79Y/5", "- \t-\n", nil),
        Case("Y79Y/10", "-\t-1\n", #"["l",[["t","-1"]]]"#),
        Case("VJP3/0", "k: {\nk\n:\nv\n}\n", nil),
        Case("VJP3/1", "k: {\n k\n :\n v\n }\n", #"["m",[[["t","k"],["m",[[["t","k"],["t","v"]]]]]]]"#),
        Case("ZXT5", "[ \"key\"\n  :value ]\n", nil),
        Case("C2SP", "[23\n]: 42\n", nil),
        Case("DK4H", "---\n[ key\n  : value ]\n", nil),
        Case("9C9N", "---\nflow: [a,\nb,\nc]\n", nil),
        Case("9JBA", "---\n[ a, b, c, ]#invalid\n", nil),
        Case("CVW2", "---\n[ a, b, c,#invalid\n]\n", nil),
        Case("9CWY", "key:\n - item1\n - item2\ninvalid\n", nil),
        Case("7MNF", "top1:\n  key1: val1\ntop2\n", nil),
        Case("BS4K", "word1  # comment\nword2\n", nil),
        Case("8XDJ", "key: word1\n#  xxx\n  word2\n", nil),
        Case("BF9H", "---\nplain: a\n       b # end of scalar\n       c\n", nil),
        Case("D49Q", "'a\\nb': 1\n'c\n d': 1\n", nil),
        Case("JKF3", "- - \"bar\nbar\": x\n", nil),
        Case("7LBH", "\"a\\nb\": 1\n\"c\n d\": 1\n", nil),
        Case("GDY7", "key: value\nthis is #not a: key\n", nil),
        Case("HU3P", "key:\n  word1 word2\n  no: key\n", nil),
        Case("N4JP", "map:\n  key1: \"quoted1\"\n key2: \"bad indentation\"\n", nil),
        Case("QB6E", "---\nquoted: \"a\nb\nc\"\n", nil),
        Case("Q4CL", "key: \"value\" trailing\n", nil),
        Case("P2EQ", "---\n- { y: z }- invalid\n", nil),
        Case("62EZ", "---\nx: { y: z }in: valid\n", nil),
        Case("EW3V", "k1: v1\n k2: v2\n", nil),
        Case("ZVH3", "- key: value\n - item1\n", nil),
        Case("ZCZ6", "a: b: c: d\n", nil),
        Case("ZL4Z", "---\na: 'b': c\n", nil),
        Case("X4QW", "block: ># comment\n  scalar\n", nil),
        Case("5U3A", "key: - a\n     - b\n", nil),
        Case("4HVU", "key:\n   - ok\n   - also ok\n  - wrong\n", nil),
        Case("CTN5", "---\n[ a, b, c, , ]\n", nil),
        Case("N782", "[\n--- ,\n...\n]\n", nil),
        Case("T833", "---\n{\n foo: 1\n bar: 2 }\n", nil),
        Case("U44R", "map:\n  key1: \"quoted1\"\n   key2: \"bad indentation\"\n", nil),
        Case(
            "DC7X",
            "a: b\t\nseq:\t\n - a\t\nc: d\t#X\n",
            #"["m",[[["t","a"],["t","b"]],[["t","seq"],["l",[["t","a"]]]],[["t","c"],["t","d"]]]]"#
        ),
        Case("6CA3", "\t[\n\t]\n", #"["l",[]]"#),
        Case("KH5V0", "\"1 inline\ttab\"\n", #"["t","1 inline\ttab"]"#),
        Case("KH5V1", "\"2 inline\\\ttab\"\n", #"["t","2 inline\ttab"]"#),
        Case("KH5V2", "\"3 inline\ttab\"\n", #"["t","3 inline\ttab"]"#),
        Case("3RLN0", "\"1 leading\n    \\ttab\"\n", #"["t","1 leading \ttab"]"#),
        Case("3RLN1", "\"2 leading\n    \\\ttab\"\n", #"["t","2 leading \ttab"]"#),
        Case("3RLN2", "\"3 leading\n    \ttab\"\n", #"["t","3 leading tab"]"#),
        Case("3RLN3", "\"4 leading\n    \\t  tab\"\n", #"["t","4 leading \t  tab"]"#),
        Case("3RLN4", "\"5 leading\n    \\\t  tab\"\n", #"["t","5 leading \t  tab"]"#),
        Case("3RLN5", "\"6 leading\n    \t  tab\"\n", #"["t","6 leading tab"]"#),
        Case("DE560", "\"1 trailing\\t\n    tab\"\n", #"["t","1 trailing\t tab"]"#),
        Case("DE561", "\"2 trailing\\t  \n    tab\"\n", #"["t","2 trailing\t tab"]"#),
        Case("DE562", "\"3 trailing\\\t\n    tab\"\n", #"["t","3 trailing\t tab"]"#),
        Case("DE563", "\"4 trailing\\\t  \n    tab\"\n", #"["t","4 trailing\t tab"]"#),
        Case("DE564", "\"5 trailing\t\n    tab\"\n", #"["t","5 trailing tab"]"#),
        Case("DE565", "\"6 trailing\t  \n    tab\"\n", #"["t","6 trailing tab"]"#),
        Case(
            "NP9H",
            "\"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content\"\n",
            #"["t","folded to a space,\nto a line feed, or \t \tnon-content"]"#
        ),
        Case("TL85", "\"\n  foo \n \n  \t bar\n\n  baz\n\"\n", #"["t"," foo\nbar\nbaz "]"#),
        Case(
            "9TFX",
            "\" 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty \"\n",
            #"["t"," 1st non-empty\n2nd non-empty 3rd non-empty "]"#
        ),
        Case(
            "5GBF",
            "Folding:\n  \"Empty line\n   \t\n  as a line feed\"\nClipped empty lines: |\n  a line feed\n \n",
            #"["m",[[["t","Folding"],["t","Empty line\nas a line feed"]],[["t","Clipped empty lines"],["t","a line feed\n"]]]]"#
        ),
        Case(
            "7T8X",
            ">\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * lines\n\n last\n line\n\n# Comment\n",
            #"["t","\nfolded line\nnext line\n  * bullet\n\n  * list\n  * lines\n\nlast line\n"]"#
        ),
        Case(
            "4ZYM",
            "plain: text\n  lines\nquoted: \"text\n  \tlines\"\nblock: |\n  text\n   \tlines\n",
            #"["m",[[["t","plain"],["t","text lines"]],[["t","quoted"],["t","text lines"]],[["t","block"],["t","text\n \tlines\n"]]]]"#
        ),
        Case(
            "4ZYMb",
            "plain: text\n  lines\nquoted: \"text\n  \tlines\"\n  \nblock: |\n  text\n   \tlines\n",
            #"["m",[[["t","plain"],["t","text lines"]],[["t","quoted"],["t","text lines"]],[["t","block"],["t","text\n \tlines\n"]]]]"#
        ),
        Case("K527", ">-\n  \n  trimmed\n  \n \n\n  as\n  space\n", #"["t","\ntrimmed\n\n\nas space"]"#),
        Case(
            "S3PD",
            "implicit block key : [\n  implicit flow key : value,\n ]\n",
            #"["m",[[["t","implicit block key"],["l",[["m",[[["t","implicit flow key"],["t","value"]]]]]]]]]"#
        ),
        Case("QF4Y", "[\nfoo: bar\n]\n", #"["l",[["m",[[["t","foo"],["t","bar"]]]]]]"#),
        Case(
            "9MMW",
            "- [ YAML : separate ]\n- [ \"JSON like\":adjacent ]\n",
            #"["l",[["l",[["m",[[["t","YAML"],["t","separate"]]]]]],["l",[["m",[[["t","JSON like"],["t","adjacent"]]]]]]]]"#
        ),
        Case(
            "C2DT",
            "{\n\"adjacent\":value,\n\"readable\": value,\n\"empty\":\n}\n",
            #"["m",[[["t","adjacent"],["t","value"]],[["t","readable"],["t","value"]],[["t","empty"],["t",""]]]]"#
        ),
        Case("7TMG", "---\n[ word1\n# comment\n, word2]\n", #"["l",[["t","word1"],["t","word2"]]]"#),
        Case(
            "8UDB",
            "[\n\"double\n quoted\", 'single\n           quoted',\nplain\n text, [ nested ],\nsingle: pair,\n]\n",
            #"["l",[["t","double quoted"],["t","single quoted"],["t","plain text"],["l",[["t","nested"]]],["m",[[["t","single"],["t","pair"]]]]]]"#
        ),
        Case("XLQ9", "---\nscalar\n%YAML 1.2\n", #"["t","scalar %YAML 1.2"]"#),
        Case("HRE5", "---\ndouble: \"quoted \\' scalar\"\n", nil),
        Case("55WF", "---\n\"\\.\"\n", nil),
        Case("AB8U", "- single multiline\n - sequence entry\n", #"["l",[["t","single multiline - sequence entry"]]]"#),
        Case("36F6", "---\nplain: a\n b\n\n c\n", #"["m",[[["t","plain"],["t","a b\nc"]]]]"#),
        Case("9YRD", "a\nb  \n  c\nd\n\ne\n", #"["t","a b c d\ne"]"#),
        Case("82AN", "---word1\nword2\n", #"["t","---word1 word2"]"#),
        Case("EXG3", "---\n---word1\nword2\n", #"["t","---word1 word2"]"#),
        Case("Z67P", "literal: |2\n  value\n", #"["m",[[["t","literal"],["t","value\n"]]]]"#),
        Case("L24T", "foo: |\n  x\n   \n", #"["m",[[["t","foo"],["t","x\n \n"]]]]"#),
        Case("L24T1", "foo: |\n  x\n   ", #"["m",[[["t","foo"],["t","x\n \n"]]]]"#),
        Case("FP8R", "--- >\nfolded\nline\n", #"["t","folded line\n"]"#),
        Case("DK3J", "--- >\nline1\n# no comment\nline3\n", #"["t","line1 # no comment line3\n"]"#),
        Case("2G840", "--- |0\n", nil),
        Case("2G841", "--- |10\n", nil),
        Case("2G842", "--- |1-", #"["t",""]"#),
        Case("HM87", "[?x]\n", #"["l",[["t","?x"]]]"#),
        Case("S7BG", "---\n- :,\n", #"["l",[["t",":,"]]]"#),
        Case("YJV2", "[-]\n", nil),
        Case("G5U8", "---\n- [-, -]\n", nil),
        Case("DMG6", "key:\n  ok: 1\n wrong: 2\n", nil),
        Case("4EJS", "---\na:\n\tb:\n\t\tc: value\n", nil),
        Case("UKK61", "::\n", #"["m",[[["t",":"],["t",""]]]]"#),
        Case("K54U", "---\tscalar\n", #"["t","scalar"]"#),
        Case("4H7K", "---\n[ a, b, c ] ]\n", nil),
        Case("6S55", "key:\n - bar\n - baz\n invalid\n", nil),
        Case("KS4U", "---\n[\nsequence item\n]\ninvalid item\n", nil),
        Case("RXY3", "---\n'\n...\n'\n", nil),
        Case("9MQT", "--- \"a\n...x\nb\"\n", #"["t","a ...x b"]"#),
        Case("9MQT1", "--- \"a\n... x\nb\"\n", nil),
        Case("5TRB", "---\n\"\n---\n\"\n", nil),
        Case(
            "6SLA",
            "\"foo\\nbar:baz\\tx \\\\$%^&*()x\": 23\n'x\\ny:z\\tx $%^&*()x': 24\n",
            #"["m",[[["t","foo\nbar:baz\tx \\$%^&*()x"],["t","23"]],[["t","x\\ny:z\\tx $%^&*()x"],["t","24"]]]]"#
        ),
        Case("6H3V", "'foo: bar\\': baz'\n", #"["m",[[["t","foo: bar\\"],["t","baz'"]]]]"#),
        Case("4UYU", "\"foo: bar\\\": baz\"\n", #"["t","foo: bar\": baz"]"#),
        Case(
            "JR7V",
            "- a?string\n- another ? string\n- key: value?\n- [a?string]\n- [another ? string]\n- {key: value? }\n- {key: value?}\n- {key?: value }\n",
            #"["l",[["t","a?string"],["t","another ? string"],["m",[[["t","key"],["t","value?"]]]],["l",[["t","a?string"]]],["l",[["t","another ? string"]]],["m",[[["t","key"],["t","value?"]]]],["m",[[["t","key"],["t","value?"]]]],["m",[[["t","key?"],["t","value"]]]]]]"#
        ),
        Case(
            "NAT4",
            "---\na: '\n  '\nb: '  \n  '\nc: \"\n  \"\nd: \"  \n  \"\ne: '\n\n  '\nf: \"\n\n  \"\ng: '\n\n\n  '\nh: \"\n\n\n  \"\n",
            #"["m",[[["t","a"],["t"," "]],[["t","b"],["t"," "]],[["t","c"],["t"," "]],[["t","d"],["t"," "]],[["t","e"],["t","\n"]],[["t","f"],["t","\n"]],[["t","g"],["t","\n\n"]],[["t","h"],["t","\n\n"]]]]"#
        ),
        Case("9KBC", "--- key1: value1\n    key2: value2\n", nil),
        Case(
            "M6YH",
            "- |\n x\n-\n foo: bar\n-\n - 42\n",
            #"["l",[["t","x\n"],["m",[[["t","foo"],["t","bar"]]]],["l",[["t","42"]]]]]"#
        ),
        Case("K3WX", "---\n{ \"foo\" # comment\n  :bar }\n", #"["m",[[["t","foo"],["t","bar"]]]]"#),
        Case("ZK9H", "{ key: [[[\n  value\n ]]]\n}\n", #"["m",[[["t","key"],["l",[["l",[["l",[["t","value"]]]]]]]]]]"#),
        Case("TS54", ">\n ab\n cd\n \n ef\n\n\n gh\n", #"["t","ab cd\nef\n\ngh\n"]"#),
        Case(
            "D83L",
            "- |2-\n  explicit indent and chomp\n- |-2\n  chomp and explicit indent\n",
            #"["l",[["t","explicit indent and chomp"],["t","chomp and explicit indent"]]]"#
        ),
        Case("DWX9", "|\n \n  \n  literal\n   \n  \n  text\n\n # Comment\n", #"["t","\n\nliteral\n \n\ntext\n"]"#),
        Case(
            "HS5T",
            "1st non-empty\n\n 2nd non-empty \n\t3rd non-empty\n",
            #"["t","1st non-empty\n2nd non-empty 3rd non-empty"]"#
        ),
        Case(
            "LP6E",
            "- [a, b , c ]\n- { \"a\"  : b, c : 'd' , e   : \"f\"\n  }\n- [      ]\n",
            #"["l",[["l",[["t","a"],["t","b"],["t","c"]]],["m",[[["t","a"],["t","b"]],[["t","c"],["t","d"]],[["t","e"],["t","f"]]]],["l",[]]]]"#
        ),
        Case("SM9W", "-", #"["l",[["t",""]]]"#),
        Case("98YD", "# Comment only.\n", #"["t",""]"#),
        Case(
            "AZW3",
            "- bla\"keks: foo\n- bla]keks: foo\n",
            #"["l",[["m",[[["t","bla\"keks"],["t","foo"]]]],["m",[[["t","bla]keks"],["t","foo"]]]]]]"#
        ),
        Case("4V8U", "---\nplain\\value\\with\\backslashes\n", #"["t","plain\\value\\with\\backslashes"]"#),
        Case(
            "7A4E",
            "' 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty '\n",
            #"["t"," 1st non-empty\n2nd non-empty 3rd non-empty "]"#
        ),
        Case("8G76", "  # Comment\n   \n\n", #"["t",""]"#),
        Case("CML9", "key: [ word1\n#  xxx\n  word2 ]\n", nil),
        Case("CPZ3", "---\ntab: \"\tstring\"\n", #"["m",[[["t","tab"],["t","\tstring"]]]]"#),
        Case("MYW6x", "- |-\n ab\n \n \n", #"["l",[["t","ab"]]]"#),
        Case(
            "W42U",
            "- # Empty\n- |\n block node\n- - one # Compact\n  - two # sequence\n- one: two # Compact mapping\n",
            #"["l",[["t",""],["t","block node\n"],["l",[["t","one"],["t","two"]]],["m",[[["t","one"],["t","two"]]]]]]"#
        ),
        Case("6JQW", "# ASCII Art\n--- |\n  \\//||\\/||\n  // ||  ||__\n", #"["t","\\//||\\/||\n// ||  ||__\n"]"#),
        Case(
            "96L6",
            "--- >\n  Mark McGwire's\n  year was crippled\n  by a knee injury.\n",
            #"["t","Mark McGwire's year was crippled by a knee injury.\n"]"#
        ),
        Case(
            "PRH3",
            "' 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty '\n",
            #"["t"," 1st non-empty\n2nd non-empty 3rd non-empty "]"#
        ),
        Case(
            "T26E",
            ">\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * line\n\n last\n line\n",
            #"["t","\nfolded line\nnext line\n  * bullet\n\n  * list\n  * line\n\nlast line\n"]"#
        ),
        Case("6FWRx", "--- |+\n ab\n \n  \n", #"["t","ab\n\n \n"]"#),
        Case("M29Mx", "a: |\n ab\n \n cd\n ef\n \n", #"["m",[[["t","a"],["t","ab\n\ncd\nef\n"]]]]"#),
        Case(
            "TE2A",
            "---\nblock mapping:\n key: value\n",
            #"["m",[[["t","block mapping"],["m",[[["t","key"],["t","value"]]]]]]]"#
        ),
        Case(
            "J3BT",
            "plain: This unquoted scalar\n  spans many lines.\n\nquoted: \"So does this\n  quoted scalar.\\n\"\n",
            #"["m",[[["t","plain"],["t","This unquoted scalar spans many lines."]],[["t","quoted"],["t","So does this quoted scalar.\n"]]]]"#
        ),
        Case("A984", "a: b\n c\nd:\n e\n  f\n", #"["m",[[["t","a"],["t","b c"]],[["t","d"],["t","e f"]]]]"#),
        Case("NB6Z", "key:\n  value\n  with\n  \t\n  tabs\n", #"["m",[[["t","key"],["t","value with\ntabs"]]]]"#),
        Case(
            "H2RW",
            "foo: 1\n\nbar: 2\n    \ntext: |\n  a\n    \n  b\n\n  c\n \n  d\n",
            #"["m",[[["t","foo"],["t","1"]],[["t","bar"],["t","2"]],[["t","text"],["t","a\n  \nb\n\nc\n\nd\n"]]]]"#
        ),
        Case("R5YEx", "a: \"x\"#y\n", nil),
        Case("SF5V", "%YAML 1.2\n%YAML 1.2\n---\n", nil),
        Case("E76Zx", "a: 'b'#c\n", nil),
        Case("9HCY", "!foo \"bar\"\n", nil),
        Case("3HFZ", "---\nkey: value\n... invalid\n", nil),
    ]

    private static let more = [
        Case("cr", "a: 1\rb: 2\r", #"["m",[[["t","a"],["t","1"]],[["t","b"],["t","2"]]]]"#),
        Case("nel", "a: x\u{85}y\n", #"["m",[[["t","a"],["t","x\u0085y"]]]]"#),
        Case("ls", "a: \"x\u{2028}y\"\n", #"["m",[[["t","a"],["t","x\u2028y"]]]]"#),
        Case("ctrl", "a: \"\u{7}\"\n", nil),
        Case("dupkey", "a: 1\na: 2\n", nil),
        Case("dup flow", "{a: 1, a: 2}", nil),
        Case("tabcolon", "a:\tb\n", #"["m",[[["t","a"],["t","b"]]]]"#),
        Case("tabdash", "-\ta\n", #"["l",[["t","a"]]]"#),
        Case("tab-map", "-\ta: b\n", nil),
        Case("astral", "a: \u{1F600}\n", #"["m",[[["t","a"],["t","\ud83d\ude00"]]]]"#),
        Case("x", "a: \"\\x4\"\n", nil),
        Case("u", "a: \"\\u12\"\n", nil),
        Case("U", "a: \"\\U00110000\"\n", nil),
        Case("colon end", "a: b:\n", nil),
        Case("colon end2", "- a:b:\n", #"["l",[["m",[[["t","a:b"],["t",""]]]]]]"#),
        Case("flow colon", "{a:b, c: d}", #"["m",[[["t","a:b"],["t",""]],[["t","c"],["t","d"]]]]"#),
        Case("flowplain", "[a: b: c]", nil),
        Case("flow mult", "[a\n b: c]", nil),
        Case("seq in map same indent", "a:\n- b\n c\n", #"["m",[[["t","a"],["l",[["t","b c"]]]]]]"#),
        Case("neg", "a:\n b\n- c\n", nil),
        Case("blockseqkey", "- a\nb: c\n", nil),
        Case("comment nospace", "a: b #c\nd: e# f\n", #"["m",[[["t","a"],["t","b"]],[["t","d"],["t","e# f"]]]]"#),
        Case("comment in quoted", "a: \"b # c\"\n", #"["m",[[["t","a"],["t","b # c"]]]]"#),
        Case("pct", "a: %b\n", nil),
        Case("at", "a: @b\n", nil),
        Case("bt", "a: `b\n", nil),
        Case("tilde", "~: a\n", #"["m",[[["t","~"],["t","a"]]]]"#),
        Case("amp", "a: &b c\n", nil),
        Case("star", "a: *b\n", nil),
        Case("tag", "a: !!str b\n", nil),
        Case("bang", "a: !b\n", nil),
        Case("pipe in flow", "[|\n a]", nil),
        Case("gt", "a: >b\n", nil),
        Case("|x", "a: |x\n b\n", nil),
        Case("|+-", "a: |+-\n b\n", nil),
        Case("|12", "a: |12\n b\n", nil),
        Case("block less", "a: |\nb\n", nil),
        Case("block neg", "- |\n b\n c\n  d\n", #"["l",[["t","b\nc\n d\n"]]]"#),
        Case("fold more", "a: >\n  b\n   c\n   d\n  e\n\n\n  f\n", #"["m",[[["t","a"],["t","b\n c\n d\ne\n\nf\n"]]]]"#),
        Case("fold lead", "a: >\n\n\n  b\n", #"["m",[[["t","a"],["t","\n\nb\n"]]]]"#),
        Case("fold tab", "a: >\n  b\n  \tc\n  d\n", #"["m",[[["t","a"],["t","b\n\tc\nd\n"]]]]"#),
        Case("doc2", "a\n--- b\n", nil),
        Case("docend2", "a: 1\n...\nb: 2\n", nil),
        Case("dashes", "---\n---\n", nil),
        Case("-- -", "a: ---\n", #"["m",[[["t","a"],["t","---"]]]]"#),
        Case("--- key", "--- a\n", #"["t","a"]"#),
        Case("quote esc", "a: 'b''c'\n", #"["m",[[["t","a"],["t","b'c"]]]]"#),
        Case("dq nl", "a: \"b\\\n  c\"\n", #"["m",[[["t","a"],["t","bc"]]]]"#),
        Case("dq nl2", "a: \"b\\\n\n  c\"\n", #"["m",[[["t","a"],["t","b\nc"]]]]"#),
        Case("sq nl", "a: 'b\n\n  c'\n", #"["m",[[["t","a"],["t","b\nc"]]]]"#),
    ]
}

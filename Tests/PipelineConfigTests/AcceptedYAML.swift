/// Texts that the parser has to take, one for each thing that pipeline files may hold.
enum AcceptedYAML {
    static let all = structure + brackets + plain + quoted + blocks + files

    private static let structure = [
        "", "\n", "# nothing\n", "---\n", "--- # start\na: 1\n", "\u{FEFF}a: 1\n", "\u{FEFF}---\na: 1",
        "a: 1\r\nb: 2\r\n",
        "# c\n---\n# c\na: 1", "a: 1", "a: 1\nb:\n  c: 2\n  d:\n    e: 3\n",
        "a:\n  b: 1\n\n  # c\n\n  c: 2\n# c\nd: 3\n",
        "a:\nb:\n", "a: # c\n  b: 1\n", "a:   \n  b: 1\n", "  a: 1\n  b: 2\n", "a:\n        b: 1\nc:\n b: 1\n",
        "- a\n- b\n", "-\n- \n- a\n", "- a: 1\n  b: 2\n- a: 3\n", "-   a: 1\n    b: 2\n", "- - a\n  - b\n- - - c\n",
        "-\n  a: 1\n-\n  - b\n", "- # c\n  a\n", "a:\n- b\n- c\nd:\n  - e\n", "a:\n- b: 1\n  c:\n  - d\n- e\n",
        "- a:\n  - b\n  c: d\n",
        "a:\n  - b\n\n  # c\n  - c\n", "- a:\n    b\n", "'a': 1\n\"b\": 2\n\"c\\u0041\" : 3\n'it''s': 4\n",
        "a b c: 1\na:b: 2\n-x: 3\n",
        "a: b\n", "a:\n  b\n", "a\n", "a:\n  \"b\"\n", "a:\n  |\n  text\n", "a:\n  [b]\n", "''", "\"\": x", "~: null\n",
    ]

    private static let brackets = [
        "[]", "{}", "a: []\nb: {}\n", "a: [b, c]", "a: [ b , c , ]", "a: {b: 1, c: 2}", "a: { b : 1 , c: 2, }",
        "a: {b: , c: 1, d:}",
        "a: {\"b\":1, 'c':2, \"d\" : 3}", "a: [[b, c], {d: [e]}, []]", "a: {b: {c: {d: e}}}", "a: {b:[c]}",
        "a: [\n  b,\n  c,\n]\n", "a:\n  b: [\n    c,\n    d\n  ]\n  e: f\n", "a: {\n  b: 1,\n  c: 2\n}\n",
        "a: [b, # c\n  c # d\n  ]",
        "a: [b\n  c, d]", "a: ['b, c', \"]\", 'd']", "a: [b c, d-e, f:g, -h, i#j]", "a: [\n\n  b\n\n  ]",
        "- [a, b]\n- {c: d}\n",
        "a: [x, \"y\n  z\"]", "a: [http://h:80/p, '**/*.json.gz', \"*\"]", "[a,\nb]", "a: {b:\n  c}", "a: [''', x']",
    ]

    private static let plain = [
        "a: b c  d", "a: b   ", "a: b # c", "a: b#c", "a: b:c", "a: b :c", "a: http://x:80/y?z=1#w", "a: it's", "a: x]",
        "a: x, y",
        "a: 012345678901\nb: 1.10\nc: yes\nd: ~\ne: null\nf: true\ng: 0x1F\nh: 1e3\n", "a: -1", "a: -x", "a: ?x",
        "a: :x", "a: --- x",
        "a: b\n  c\n  d", "a: b\n\n  c\n\n\n  d\n", "a:\n  b\n  c: d\n".replacing(": d", with: " d"),
        "- a\n  b\n- c\n   d\n", "a: x\n  \"y\" z\n",
        "a: ./*.json", "a: $x ${y} $${z}", "a: é 日本 👩‍👩‍👧\nключ: значение\n", "a: a\u{A0}b", "a: \\n", "a: <<", "a: =",
        "a: a&b *c !d",
    ]

    private static let quoted = [
        "a: ''", "a: \"\"", "a: 'it''s'", "a: ''''", "a: '\"'", "a: \"'\"", "a: 'a: b # c'", "a: \"a: b # c\"",
        "a: 'a\\nb'",
        "a: \"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\"", "a: \"\\x41\\u00e9\\U0001F600\"", "a: \"a\tb\"",
        "a: 'a\tb'", "a: \"a\\\tb\"",
        "a: 'b\n  c'", "a: 'b  \n\n\n    c'", "a: \"b\n  c\"", "a: \"b \\\n  c\"", "a: \"b\\\n   \\ c\"",
        "a: \"b\\n\n  c\"", "a: \"\n  b\n  \"", "a: ' b '",
        "a: \"b\" # c", "a: \"*.json\"", "'b\nc'", "a: \"b\n  \t c\"", "a: \"b\\ \n  c\"",
    ]

    private static let blocks = [
        "a: |\n  b\n  c\n", "a: |\n  b\n\n   c\n  d\n\n\ne: f\n", "a: |-\n  b\n\n", "a: |+\n  b\n\n",
        "a: |+\n  b\n\nc: d\n", "a: >\n  b\n  c\n\n  d\n",
        "a: >-\n  b\n   c\n  d\n", "a: >+\n  b\n\n\n", "a: |2\n    b\n   c\n", "a: |1-\n  b\n", "a: |-1\n  b\n",
        "a: >2+\n   b\n  c\n\n", "a: | # c\n  b\n",
        "a: |\n  # no comment\n  b: c\n# comment\n", "a: |\n\n\n  b\n", "a: |\nb: c\n", "a: |", "a: |+\n\n\nb: c",
        "- |\n b\n- >\n  c\n", "- a: |\n    b\n  c: d\n",
        "a: |\n  b", "a: |\n  b\n ", "a: |-\n  b\n\n  ", "a: >\n  b\n  ", "a: |+\n  b\n \n", "a: |\n  b\n   \n",
        "- |\n  ", "- >-\n ", "- |+\n   \n",
        "a: >\n\n  folded\n  line\n\n  next\n    * bullet\n\n    * list\n\n  last\n",
        "a: |\n  b\n\t\n".replacing("\t", with: "  \t"),
        "|\n  a\n", "---\n>\n  a\n  b\n", "a: |\n  ${B} $${C}\n", "a: |\r\n  b\r\n  c\r\n", "a:\n- |\n  b\n- c\n",
    ]

    private static let files = [
        """
        # Who changed what in Migration Hub, over every account and region.
        pipeline: migration-hub-audit

        sources:
          logs:
            type: directory
            path: ${LOGS:-./AWSLogs}

        transforms:
          hub:
            type: migration_hub
            services: [migrationhub, discovery]
          who:
            type: identity
            inputs:
            - hub

        sinks:
          audit: {type: sqlite, path: audit.db}
          lines:
            type: jsonl
            path: 'audit.jsonl.gz'
            note: >
              folded
              text

        """
    ]
}

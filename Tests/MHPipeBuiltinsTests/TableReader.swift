import Foundation
import MHPipeTestSupport
import Testing

/// Compares a table with the records it was made of, in Python: a reader of JSON of its own, and Python's `csv` and
/// `sqlite3`.
struct TableReader {
    /// What a table should hold.
    struct Expectation: Encodable {
        var records: [String]
        /// For each record, the values that were added, by key; a key of any record hides the records' own.
        var added: [[String: String]] = []
        var columns: [[String]]
        var names: [String]
        var hasHeader = true
        var guardsFormulas = true
        var table = "events"
        var format: String
        var path: String
    }

    /// Compares every cell of a table; does nothing where there is no Python.
    static func compare(_ expectation: Expectation) throws {
        guard let python = ExternalProgram("python3") else { return }
        let result = try python.run(["-c", script], input: JSONEncoder().encode(expectation))
        let output = String(decoding: result.output, as: UTF8.self)
        #expect(result.errors == "")
        #expect(output == "ok \(expectation.records.count) \(expectation.columns.count)\n")
    }

    private static let script = #"""
        import csv, json, re, sqlite3, sys
        sys.setrecursionlimit(10000)
        csv.field_size_limit(1 << 30)
        want = json.load(sys.stdin)
        SPACE = re.compile(r'[ \t\r\n]*')
        STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
        SCALAR = re.compile(r'[^,\]} \t\r\n]+')
        UNSEEN = r'[\0-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*'
        FORMULA = re.compile(r'[\0-\x1f]|' + UNSEEN + '[-=+@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]')
        ALWAYS_JSON = {'requestParameters', 'responseElements', 'additionalEventData'}

        def parse(text, at):
            'A value as (kind, JSON text without white space, children) and the offset behind it.'
            at = SPACE.match(text, at).end()
            if text[at] == '{':
                members, parts = {}, []
                at = SPACE.match(text, at + 1).end()
                while text[at] != '}':
                    key = STRING.match(text, at)
                    at = SPACE.match(text, key.end()).end() + 1
                    value, at = parse(text, at)
                    members[json.loads(key.group(), strict=False)] = value
                    parts.append(key.group() + ':' + value[1])
                    at = SPACE.match(text, at).end()
                    if text[at] == ',':
                        at = SPACE.match(text, at + 1).end()
                return ('object', '{' + ','.join(parts) + '}', members), at + 1
            if text[at] == '[':
                elements = []
                at = SPACE.match(text, at + 1).end()
                while text[at] != ']':
                    value, at = parse(text, at)
                    elements.append(value)
                    at = SPACE.match(text, at).end()
                    if text[at] == ',':
                        at = SPACE.match(text, at + 1).end()
                children = {str(n): e for n, e in enumerate(elements)}
                return ('array', '[' + ','.join(e[1] for e in elements) + ']', children), at + 1
            if text[at] == '"':
                raw = STRING.match(text, at)
                return ('string', raw.group(), None), raw.end()
            raw = SCALAR.match(text, at)
            kind = {'t': 'bool', 'f': 'bool', 'n': 'null'}.get(raw.group()[0], 'number')
            return (kind, raw.group(), None), raw.end()

        def text_of(node):
            plain = json.loads(node[1], strict=False)
            return ''.join('\ufffd' if 0xD800 <= ord(c) < 0xE000 else c for c in plain)

        hidden = {key for row in want['added'] for key in row}

        def find(number, record, keys):
            if keys[0] in hidden:
                record = ('object', '', {k: parse(v, 0)[0] for k, v in want['added'][number].items()})
            for key in keys:
                record = record[2].get(key) if record and record[0] in ('object', 'array') else None
            return record

        def csv_cell(node, column):
            if node is None or node[0] == 'null': return ''
            if node[0] != 'string' or column in ALWAYS_JSON: return node[1]
            text = text_of(node)
            return "'" + text if want['guardsFormulas'] and FORMULA.match(text) else text

        def sqlite_cell(node, column, declared):
            if node is None or node[0] == 'null': return None
            if node[0] in ('object', 'array') or column in ALWAYS_JSON: return node[1]
            if node[0] == 'string': return affine(text_of(node), declared)
            if node[0] == 'bool': return affine(1 if node[1] == 'true' else 0, declared)
            if declared == 'TEXT': return node[1]
            if re.fullmatch(r'-?\d+', node[1]):
                number = int(node[1])
                return affine(number if -2**63 <= number < 2**63 else node[1], declared)
            number = float(node[1])
            return affine(node[1] if number in (float('inf'), float('-inf')) else number, declared)

        def affine(value, declared):
            'What a column of a declared type makes of a value (sqlite.org/datatype3.html).'
            if declared not in affinities:
                memory.execute(f'create table t{len(affinities)} (v {declared})')
                affinities[declared] = f't{len(affinities)}'
            table = affinities[declared]
            memory.execute(f'delete from {table}')
            memory.execute(f'insert into {table} values (?)', (value,))
            return memory.execute(f'select v from {table}').fetchone()[0]

        memory, affinities = sqlite3.connect(':memory:'), {}
        records = [parse(text, 0)[0] for text in want['records']]
        names = ['.'.join(keys) for keys in want['columns']]
        if want['format'] == 'csv':
            with open(want['path'], newline='', encoding='utf-8') as file:
                rows = list(csv.reader(file, strict=True))
            with open(want['path'], 'rb') as file:
                data = file.read()
            if data and not data.endswith(b'\r\n'): print('the last line has no end')
            if want['hasHeader']:
                if rows[0] != want['names']: print('header', rows[0])
                rows = rows[1:]
            expected = [[csv_cell(find(n, r, k), c) for k, c in zip(want['columns'], names)] for n, r in enumerate(records)]
        else:
            database = sqlite3.connect(want['path'])
            if database.execute('pragma integrity_check').fetchall() != [('ok',)]: print('integrity')
            info = database.execute('select name, type from pragma_table_info(?)', (want['table'],)).fetchall()
            if [name for name, _ in info] != want['names']: print('columns', info)
            types = [type for _, type in info]
            table = '"' + want['table'].replace('"', '""') + '"'
            rows = [list(row) for row in database.execute(f'select * from {table} order by rowid')]
            expected = [
                [sqlite_cell(find(n, r, k), c, t) for k, c, t in zip(want['columns'], names, types)]
                for n, r in enumerate(records)
            ]
        if len(rows) != len(expected): print('rows', len(rows), 'not', len(expected))
        wrong = 0
        for number, (row, wanted) in enumerate(zip(rows, expected)):
            if len(row) != len(wanted): print('row', number, 'has', len(row), 'cells, not', len(wanted))
            for name, cell, value in zip(names, row, wanted):
                if type(cell) is not type(value) or cell != value:
                    wrong += 1
                    if wrong < 10: print('row', number, name, ascii(cell)[:200], 'not', ascii(value)[:200])
        if not wrong: print('ok', len(rows), len(names))
        """#
}

import MHPipeKit

/// Reads the strings of a record as the rules of `identity` and `migration` want them.
///
/// To the rules an empty string and a value of another type are the same as no value. The bytes come out normalized;
/// those that had to be rewritten are kept by the column that the rules fill.
struct TextReader {
    let cursor: JSONCursor
    let column: AddedColumn

    /// The string at an index position, or a missing slice when it is empty or no string.
    @inline(__always)
    func text(_ position: Int) -> JSONSlice {
        guard cursor.byte(at: position) == UInt8(ascii: "\"") else { return .missing }
        let bytes = unsafe cursor.stringBytes(position)
        guard !bytes.isEmpty else { return .missing }
        return unsafe column.normalized(JSONSlice(kind: .string, bytes: bytes))
    }

    /// The string of a known field, or a missing slice.
    @inline(__always)
    func text(_ field: KnownField, _ rows: RowTable, _ row: Int) -> JSONSlice {
        let position = rows.position(of: field, row: row)
        return position == 0 ? .missing : text(position)
    }
}

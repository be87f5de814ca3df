/// Names of tables and columns, as SQL takes them.
enum SQLName {
    /// A name in double quotes.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// A text in single quotes, for a server that reads backslashes as they are.
    static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// Why PostgreSQL cannot have a name, or would silently shorten it; nil when it is all right.
    static func problem(_ name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.contains(0) { return "holds a NUL" }
        if name.utf8.count > 63 { return "is longer than the 63 bytes that PostgreSQL allows" }
        return nil
    }
}

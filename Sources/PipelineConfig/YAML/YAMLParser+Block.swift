import MHPipeKit

extension YAMLParser {
    /// Parses the value that begins at the cursor, which is the first character of a line or follows a `- `.
    ///
    /// - Parameter parent: The indentation of the collection around it; -1 for the document.
    /// - Returns: The value.
    /// - Throws: A mistake that leaves nothing of the value.
    mutating func blockNode(parent: Int) throws(YAMLMistake) -> ConfigNode {
        try enter()
        defer { depth -= 1 }
        let column = self.column
        let start = at
        skipProperties()
        if start < at, isAtLineRest {
            try finishLine()
            guard skipToContent(), self.column > parent else { return ConfigNode(.null) }
            return try blockNode(parent: parent)
        }
        if isDash { return list(at: column, isBelowKey: false) }
        if isMark(.question) { throw .complexKey(restOfLine) }
        if isMark(.colon) { throw .emptyKey(at) }
        if colonOfKey() != nil || isKeyWithoutColon { return mapping(at: column) }
        return try scalar(parent: parent)
    }

    /// Parses a value that has no lines of its own below it but those it goes on in.
    mutating func scalar(parent: Int) throws(YAMLMistake) -> ConfigNode {
        let node: ConfigNode
        switch text[at] {
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return try blockText(parent: parent)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let start = at
            node = try flowNode(parent: parent)
            skipSpaces()
            if isMark(.colon) { throw .complexKey(start..<at) }
        case .singleQuote, .doubleQuote: node = try quotedText(parent: parent)
        default: node = try plainText(parent: parent, inFlow: false)
        }
        skipSpaces()
        if isMark(.colon) { throw .secondColon(at) }
        try finishLine()
        return node
    }

    /// Parses the value behind a key's colon or a list item's dash, on its line or below it.
    ///
    /// - Parameters:
    ///   - column: The indentation of the collection that holds the key or dash.
    ///   - isKey: True behind a key, whose list may stand at the key's own indentation.
    /// - Returns: The value.
    /// - Throws: A mistake that leaves nothing of it.
    private mutating func value(below column: Int, isKey: Bool) throws(YAMLMistake) -> ConfigNode {
        skipSpaces()
        if isKey { skipProperties() }
        guard isAtLineRest else { return try isKey ? valueOnKeyLine(column) : blockNode(parent: column) }
        try finishLine()
        guard skipToContent() else { return ConfigNode(.null) }
        if self.column > column { return try blockNode(parent: column) }
        guard isKey, self.column == column, isDash else { return ConfigNode(.null) }
        try enter()
        defer { depth -= 1 }
        return list(at: column, isBelowKey: true)
    }

    private mutating func valueOnKeyLine(_ column: Int) throws(YAMLMistake) -> ConfigNode {
        if isDash { throw text[at + 1] == .lineFeed ? .loneDash(at) : .itemOnKeyLine(at) }
        if isMark(.question) { throw .complexKey(restOfLine) }
        return try scalar(parent: column)
    }

    // MARK: - Lists

    /// Parses a list; the cursor is at its first dash.
    private mutating func list(at column: Int, isBelowKey: Bool) -> ConfigNode {
        let span = text.span(at..<at + 1)
        var elements: [ConfigNode] = []
        repeat {
            let first = line
            let dash = at
            at += 1
            do throws(YAMLMistake) {
                if text[at] == .tab { throw .tab(at) }
                var element = try value(below: column, isKey: false)
                if element.span == nil { element.span = text.span(dash..<dash + 1) }
                elements.append(element)
            } catch {
                recover(error, from: first, column: column)
            }
        } while isNextItem(at: column, isBelowKey: isBelowKey)
        return ConfigNode(.list(elements), span: span)
    }

    private mutating func isNextItem(at column: Int, isBelowKey: Bool) -> Bool {
        while isNextLine(at: column) {
            if isDash { return true }
            if isBelowKey { return false }
            report(.keyAmongItems(restOfLine, hasDash: text[at] == .dash))
            recover(from: line, column: column)
        }
        return false
    }

    /// Moves to the next line of a collection; lines that fit nowhere are reported.
    ///
    /// - Parameter column: The collection's indentation.
    /// - Returns: False when the collection has ended.
    mutating func isNextLine(at column: Int) -> Bool {
        while skipToContent() {
            if self.column == column { return true }
            if self.column < column { break }
            let first = line
            let closed = closedColumn.flatMap { $0 > self.column ? $0 : nil }
            report(.indentation(restOfLine, column: self.column, expected: [column] + (closed.map { [$0] } ?? [])))
            do throws(YAMLMistake) {
                _ = try blockNode(parent: column)
                damage.insert(first + 1...max(first + 1, line))
            } catch {
                recover(error, from: first, column: column)
            }
        }
        closedColumn = column
        return false
    }

    // MARK: - Mappings

    /// Parses a mapping; the cursor is at its first key.
    private mutating func mapping(at column: Int) -> ConfigNode {
        let span = text.span(at..<at + 1)
        var entries = MappingEntries()
        repeat {
            let first = line
            do throws(YAMLMistake) {
                try entry(of: &entries, at: column)
            } catch {
                recover(error, from: first, column: column)
            }
        } while isNextLine(at: column)
        return ConfigNode(.mapping(entries.list), span: span)
    }

    private mutating func entry(of entries: inout MappingEntries, at column: Int) throws(YAMLMistake) {
        skipProperties()
        if isDash { throw .itemAmongKeys(at) }
        if isMark(.question) { throw .complexKey(restOfLine) }
        if isMark(.colon) { throw .emptyKey(at) }
        guard let colon = colonOfKey() else { return try entryWithoutColon(of: &entries, at: column) }
        let key = try self.key(before: colon)
        at = colon + 1
        let isKept = add(key, to: &entries)
        do throws(YAMLMistake) {
            let value = try value(below: column, isKey: true)
            if isKept { entries.setLast(value) }
        } catch {
            if isKept { entries.setLast(ConfigNode(.null, span: text.span(error.range))) }
            throw error
        }
    }

    /// Adds a key whose value is still to come, unless it is there already.
    mutating func add(_ key: MappingKey, to entries: inout MappingEntries) -> Bool {
        if let first = entries.line(of: key.text) {
            report(.duplicateKey(key.range, key.text, firstLine: first))
            return false
        }
        entries.append(key.text, text.span(key.range))
        return true
    }

    /// A line that should have been a key: reported, and what stands below it is parsed all the same.
    private mutating func entryWithoutColon(
        of entries: inout MappingEntries,
        at column: Int
    ) throws(YAMLMistake) {
        guard isPlainStart(inFlow: false) else {
            _ = try scalar(parent: column)
            throw .missingColon(at..<at + 1, "")
        }
        let word = at..<plainPiece(inFlow: false).end
        let written = text.string(word)
        report(.missingColon(word, written))
        let name = written.prefix { $0 != ":" && $0 != " " && $0 != "=" }
        let isKept = add(MappingKey(text: String(name), range: word), to: &entries)
        begin(line: line + 1)
        guard skipToContent(), self.column > column else { return }
        let value = try blockNode(parent: column)
        if isKept { entries.setLast(value) }
    }
}

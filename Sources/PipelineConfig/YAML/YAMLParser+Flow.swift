import MHPipeKit

extension YAMLParser {
    /// Parses a value between brackets, or one that begins with a bracket.
    ///
    /// - Parameter parent: The indentation of the block collection around the brackets.
    /// - Returns: The value.
    /// - Throws: A mistake that leaves nothing of it.
    mutating func flowNode(parent: Int) throws(YAMLMistake) -> ConfigNode {
        try enter()
        defer { depth -= 1 }
        switch text[at] {
        case UInt8(ascii: "["): return try flowList(parent)
        case UInt8(ascii: "{"): return try flowMapping(parent)
        case .singleQuote, .doubleQuote: return try quotedText(parent: parent)
        default: return try plainText(parent: parent, inFlow: true)
        }
    }

    private mutating func flowList(_ parent: Int) throws(YAMLMistake) -> ConfigNode {
        let brackets = FlowBrackets(open: at, opener: "[", closer: "]", parent: parent)
        var elements: [ConfigNode] = []
        try flowElements(of: brackets) { (parser) throws(YAMLMistake) in
            parser.skipProperties(inFlow: true)
            try parser.skipFlowSpace(brackets)
            let byte = parser.text[parser.at]
            elements.append(byte == .comma || byte.isCloser ? ConfigNode(.null) : try parser.flowNode(parent: parent))
        }
        return ConfigNode(.list(elements), span: text.span(brackets.open..<at))
    }

    private mutating func flowMapping(_ parent: Int) throws(YAMLMistake) -> ConfigNode {
        let brackets = FlowBrackets(open: at, opener: "{", closer: "}", parent: parent)
        var entries = MappingEntries()
        try flowElements(of: brackets) { (parser) throws(YAMLMistake) in
            let key = try parser.flowKey()
            let isKept = parser.add(key, to: &entries)
            try parser.skipFlowSpace(brackets)
            parser.skipProperties(inFlow: true)
            try parser.skipFlowSpace(brackets)
            let byte = parser.text[parser.at]
            let value = byte == .comma || byte.isCloser ? ConfigNode(.null) : try parser.flowNode(parent: parent)
            if isKept { entries.setLast(value) }
        }
        return ConfigNode(.mapping(entries.list), span: text.span(brackets.open..<at))
    }

    /// Parses what is between brackets, with commas between; the cursor is at the opening bracket and then behind the
    /// closing one.
    private mutating func flowElements(
        of brackets: FlowBrackets,
        element: (inout YAMLParser) throws(YAMLMistake) -> Void
    ) throws(YAMLMistake) {
        at += 1
        try skipFlowSpace(brackets)
        while text[at] != brackets.closer.asciiByte {
            do throws(YAMLMistake) {
                if text[at] == .comma { throw .comma(at) }
                try element(&self)
                try skipFlowSpace(brackets)
                if text[at] != .comma, text[at] != brackets.closer.asciiByte { throw unexpectedInFlow(brackets) }
            } catch {
                if error.endsFlow { throw error }
                report(error)
                try skipFlowElement(brackets)
            }
            if text[at] == .comma { at += 1 }
            try skipFlowSpace(brackets)
        }
        at += 1
    }

    private mutating func flowKey() throws(YAMLMistake) -> MappingKey {
        skipProperties(inFlow: true)
        let start = at
        var colon: Int
        if text[at] == .singleQuote || text[at] == .doubleQuote {
            guard let close = closingQuote(from: at) else { throw .complexKey(restOfLine) }
            colon = close
            repeat { colon += 1 } while text[colon] == .space
            guard text[colon] == .colon else { throw .missingFlowColon(start..<close + 1) }
        } else {
            if text[at] == .question || text[at] == UInt8(ascii: "[") || text[at] == UInt8(ascii: "{") {
                throw .complexKey(at..<at + 1)
            }
            if text[at] == .colon { throw .emptyKey(at) }
            guard isPlainStart(inFlow: true) else {
                _ = try plainText(parent: 0, inFlow: true)
                throw .emptyKey(at)
            }
            let piece = plainPiece(inFlow: true)
            guard piece.stop == .colon else {
                throw isVariable(at: piece.next)
                    ? .bareVariableInFlow(start..<piece.next + 1)
                    : .missingFlowColon(start..<piece.end)
            }
            colon = piece.next
        }
        let key = try self.key(before: colon)
        at = colon + 1
        return key
    }

    private func unexpectedInFlow(_ brackets: FlowBrackets) -> YAMLMistake {
        if isVariable(at: at) { return .bareVariableInFlow(at - 1..<at + 1) }
        if text[at] == .tab { return .tab(at) }
        if text[at] == .hash { return .hashWithoutSpace(at) }
        return .inFlow(at..<at + 1, character, closer: brackets.closer)
    }

    private func isVariable(at offset: Int) -> Bool {
        text[offset] == UInt8(ascii: "{") && offset > 0 && text[offset - 1] == UInt8(ascii: "$")
    }

    /// Moves to the comma or closing bracket behind an element that was not understood.
    private mutating func skipFlowElement(_ brackets: FlowBrackets) throws(YAMLMistake) {
        var level = 0
        while true {
            switch text[at] {
            case .lineFeed:
                try skipFlowSpace(brackets)
                continue
            case .hash where hasSpaceBefore:
                try skipFlowSpace(brackets)
                continue
            case .singleQuote, .doubleQuote: at = closingQuote(from: at) ?? at
            case UInt8(ascii: "["), UInt8(ascii: "{"): level += 1
            case .comma where level == 0: return
            case _ where text[at].isCloser:
                if level == 0 {
                    if text[at] != brackets.closer.asciiByte { throw unexpectedInFlow(brackets) }
                    return
                }
                level -= 1
            default: break
            }
            at += 1
        }
    }

    /// Moves over spaces, comments and line ends to the next character between brackets.
    private mutating func skipFlowSpace(_ brackets: FlowBrackets) throws(YAMLMistake) {
        skipSpaces()
        while isAtLineRest {
            begin(line: line + 1)
            guard line < text.lines.count else {
                throw .unclosedBracket(brackets.open, brackets.opener)
            }
            skipSpaces()
            // A closing bracket below the key that opened it is how people write it, and every parser takes it.
            let least = brackets.parent + (text[at].isCloser ? 0 : 1)
            if !isAtLineRest, text[at] != .tab, column < least {
                begin(line: line)
                throw .unclosedBracket(brackets.open, brackets.opener)
            }
        }
        if text[at] == .tab { throw .tab(at) }
    }
}

/// The brackets around a flow collection.
struct FlowBrackets {
    /// Where the opening one is.
    var open: Int
    var opener: Character
    var closer: Character
    /// The indentation of the block collection around them.
    var parent: Int
}

extension Character {
    fileprivate var asciiByte: UInt8 { asciiValue ?? 0 }
}

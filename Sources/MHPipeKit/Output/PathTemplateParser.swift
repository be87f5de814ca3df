struct PathTemplateParser {
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    private let text: String
    /// What the text stands in, for the places of mistakes.
    private let node: ConfigNode?
    private(set) var folder = "."
    /// The path of the one file that is meant where no field is named.
    private(set) var file: String?
    private(set) var fields: [FieldPath] = []
    private(set) var pieces: [PathTemplate.Piece] = []

    init(_ text: String, in node: ConfigNode?) {
        self.text = text
        self.node = node
    }

    mutating func parse() throws(OptionError) {
        var rest = Substring(text)
        var literal: [UInt8] = []
        while let character = rest.first {
            if character == "{" || character == "}", rest.dropFirst().first == character {
                literal += String(character).utf8
                rest = rest.dropFirst(2)
            } else if character == "{" {
                end(&literal)
                try take(field: &rest)
            } else if character == "}" {
                throw mistake("has a '}' without a '{'", rest.prefix(1), label: "for a brace in a name write }}")
            } else {
                literal += String(character).utf8
                rest = rest.dropFirst()
            }
        }
        end(&literal)
        guard !fields.isEmpty else {
            file = Self.text(of: pieces)
            return
        }
        try splitFolder()
        try setLimits()
    }

    private mutating func end(_ literal: inout [UInt8]) {
        for (place, name) in literal.split(separator: Self.slash, omittingEmptySubsequences: false).enumerated() {
            if place > 0 { pieces.append(.literal([Self.slash])) }
            if !name.isEmpty { pieces.append(.literal(Array(name))) }
        }
        literal = []
    }

    /// Reads a field in braces.
    private mutating func take(field rest: inout Substring) throws(OptionError) {
        let start = rest
        rest = rest.dropFirst()
        let name = Self.takeName(&rest)
        let format: Substring? = rest.first == ":" ? rest.dropFirst().prefix { $0 != "}" } : nil
        rest = rest.dropFirst(format.map { $0.count + 1 } ?? 0)
        guard rest.popFirst() == "}" else {
            throw mistake("has a '{' without a '}'", start, label: "for a brace in a name write {{")
        }
        guard !name.isEmpty else {
            throw mistake("has braces without a field", start.prefix(2), label: "write a field: {recipientAccountId}")
        }
        let path: FieldPath
        do throws(FieldPathError) {
            path = try FieldPath(parsing: String(name))
        } catch {
            throw mistake("has '\(name)', which is no field path: \(error)", name)
        }
        let number = fields.firstIndex(of: path) ?? fields.count
        if number == fields.count { fields.append(path) }
        guard let format else { return pieces.append(.text(field: number, limit: PathName.longest)) }
        // A slash in a format begins another name, in which the time may be missing as well.
        for (place, part) in format.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if place > 0 { pieces.append(.literal([Self.slash])) }
            do throws(OptionError) {
                pieces.append(.time(field: number, try TimeFormat(parsing: String(part))))
            } catch {
                throw mistake(error.message, part, label: error.label)
            }
        }
    }

    /// Takes a field path up to the colon or the brace behind it, which in quotes are part of a key.
    private static func takeName(_ rest: inout Substring) -> Substring {
        var isQuoted = false
        let start = rest
        while let character = rest.first, isQuoted || character != ":" && character != "}" {
            if isQuoted, character == "\\" { rest = rest.dropFirst() }
            if character == "\"" { isQuoted.toggle() }
            rest = rest.dropFirst()
        }
        return start[..<rest.startIndex]
    }

    /// Takes the names before the first field off, as the folder, and looks at those behind it.
    private mutating func splitFolder() throws(OptionError) {
        let isField: (PathTemplate.Piece) -> Bool = { if case .literal = $0 { false } else { true } }
        let start = pieces.prefix { !isField($0) }
        if let end = start.lastIndex(of: .literal([Self.slash])) {
            folder = end == 0 ? "/" : Self.text(of: start[..<end])
            pieces.removeFirst(end + 1)
        }
        for name in names {
            guard !name.isEmpty else {
                throw text.hasSuffix("/")
                    ? mistake("ends in '/', as only a folder's name does", text.suffix(1), label: "add a file's name")
                    : mistake("has nothing between two slashes", Substring(text))
            }
            guard name != [.literal([Self.dot])], name != [.literal([Self.dot, Self.dot])] else {
                throw mistake(
                    "has '.' or '..' behind a field",
                    Substring(text),
                    label: "write it before the first field"
                )
            }
        }
    }

    /// Leaves values as much room as a name has for them.
    private mutating func setLimits() throws(OptionError) {
        var place = 0
        for name in names {
            let used = name.reduce(0) { used, piece in
                switch piece {
                case .literal(let bytes): used + bytes.count
                case .text: used
                // As much as any format needs.
                case .time: used + 32
                }
            }
            let values = name.count { if case .text = $0 { true } else { false } }
            let limit = (PathName.longest - used) / max(values, 1)
            guard values == 0 || limit >= 24 else {
                throw mistake("has a name that leaves no room for the values of its fields", Substring(text))
            }
            for offset in name.indices {
                if case .text(let field, _) = name[offset] {
                    pieces[place + offset] = .text(field: field, limit: limit)
                }
            }
            place += name.count + 1
        }
    }

    private static func text(of literals: some Sequence<PathTemplate.Piece>) -> String {
        var bytes: [UInt8] = []
        for case .literal(let part) in literals { bytes += part }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The pieces of each name behind the folder.
    private var names: [[PathTemplate.Piece]] {
        pieces.split(separator: .literal([Self.slash]), omittingEmptySubsequences: false).map(Array.init)
    }

    private func mistake(_ message: String, _ part: Substring, label: String? = nil) -> OptionError {
        let start = text.utf8.distance(from: text.startIndex, to: part.startIndex)
        return OptionError(message, label: label, span: node?.span(ofBytes: start..<start + part.utf8.count))
    }
}

/// What can be told of a name before the fields in it are known.
package struct NamePattern: Sendable {
    private let start: [UInt8]
    /// What stands behind the last field; nil where there is none.
    private let end: [UInt8]?

    /// A name without fields.
    package init(literal: [UInt8]) {
        (start, end) = (literal, nil)
    }

    fileprivate init(_ pieces: ArraySlice<PathTemplate.Piece>) {
        func literal(_ piece: PathTemplate.Piece?) -> [UInt8] {
            if case .literal(let bytes)? = piece { bytes } else { [] }
        }
        start = literal(pieces.first)
        let isLiteral = pieces.count == 1 && !start.isEmpty
        end = isLiteral ? nil : literal(pieces.last)
    }

    /// True when some values make one name of the two; sometimes also where none do.
    package func mayEqual(_ other: NamePattern) -> Bool {
        switch (end, other.end) {
        case (nil, nil): start == other.start
        case (nil, let end?):
            start.count > other.start.count + end.count && start.starts(with: other.start)
                && start.reversed().starts(with: end.reversed())
        case (_?, nil): other.mayEqual(self)
        case (let end?, let otherEnd?):
            (start.starts(with: other.start) || other.start.starts(with: start))
                && (end.reversed().starts(with: otherEnd.reversed())
                    || otherEnd.reversed().starts(with: end.reversed()))
        }
    }
}

extension PathTemplate {
    /// The names below the folder.
    package var namePatterns: [NamePattern] {
        pieces.split(separator: .literal([UInt8(ascii: "/")]), omittingEmptySubsequences: false).map { NamePattern($0) }
    }
}

import MHPipeKit
import MHPipeMatching

/// A table with an index of its keys: what stands beside a text, a prefix of it, or the network of an address.
///
/// Of several prefixes or networks the longest one counts.
final class LookupTable: @unchecked Sendable /* nothing is changed after `init` */ {
    /// How keys are compared with texts.
    enum Match: String, OptionChoice {
        case exact, prefix, cidr
    }

    /// The names of what stands beside a key; none for one plain value.
    let members: [EventField]
    /// What is known of that value.
    let content: EventField.Content

    private let match: Match
    /// Keys that are nearly account ids: of 9 to 11 digits, or a number as spreadsheets write large ones.
    private(set) var shortenedIDs: [String] = []
    private let text: OutputBuffer
    /// Row by row, `width` values each.
    private let cells: [JSONSlice]
    private let width: Int
    private var texts = ByteStringMap()
    private var networks: [Network: Int] = [:]
    /// The lengths of the keys, or the prefixes of the networks of IPv4 and IPv6, longest first.
    private var lengths: [Int] = []
    private var prefixes: [Int: [Int]] = [:]

    /// Makes the index.
    ///
    /// - Parameters:
    ///   - content: The rows.
    ///   - key: The number of the column that holds the keys.
    ///   - values: The numbers of the columns that are looked up.
    ///   - match: How keys are compared.
    /// - Throws: `Mistake` for a key that is missing, is there twice, or is no network.
    init(_ content: TableContent, key: Int, values: [Int], match: Match) throws(TableContent.Mistake) {
        self.match = match
        text = content.text
        width = values.count
        cells = content.rows.flatMap { row in
            values.map { column in
                let cell = column < row.cells.count ? row.cells[column] : nil
                return cell.map(content.slice) ?? .missing
            }
        }
        let cells = cells
        let kinds = values.indices.map { value in
            Set(content.rows.indices.map { cells[$0 * values.count + value].kind }.filter { $0 != .missing })
        }
        let contents = kinds.map { EventField.Content(holding: $0) }
        members =
            content.isPlain ? [] : zip(values, contents).map { EventField(content.columns[$0], $1) }
        self.content = content.isPlain ? contents.first ?? .value : .object(members)
        try Self.refuseDeepValues(content, values, cells)
        var keyLengths: Set<Int> = []
        for (number, row) in content.rows.enumerated() {
            let cell = key < row.cells.count ? row.cells[key] : nil
            guard let cell, case let slice = content.slice(cell), slice.kind != .object, slice.kind != .array else {
                throw TableContent.Mistake(line: row.line, reason: "there is no key")
            }
            let text = unsafe slice.string ?? String(decoding: slice.bytes, as: UTF8.self)
            keyLengths.insert(text.utf8.count)
            if Self.isShortened(text) { shortenedIDs.append(text) }
            guard let other = try add(text, row: number, line: row.line) else { continue }
            throw TableContent.Mistake(
                line: row.line,
                reason: "the key '\(text)' is on line \(content.rows[other].line) already"
            )
        }
        lengths = keyLengths.sorted(by: >)
        for network in networks.keys { prefixes[network.width, default: []].append(network.prefix) }
        for (width, list) in prefixes { prefixes[width] = Set(list).sorted(by: >) }
    }

    /// Refuses a value with which an event could not be read again.
    private static func refuseDeepValues(
        _ content: TableContent,
        _ values: [Int],
        _ cells: [JSONSlice]
    ) throws(TableContent.Mistake) {
        // The event, and the object of the row where there is one.
        let most = RecordScanner.maximumDepth - (content.isPlain ? 1 : 2)
        for (number, row) in content.rows.enumerated() {
            for (place, value) in values.enumerated() {
                let cell = cells[number * values.count + place]
                guard cell.kind == .object || cell.kind == .array, unsafe cell.bytes.count / 2 > most else { continue }
                let depth = unsafe JSONText.depth(cell.bytes)
                guard depth > most else { continue }
                let what = content.isPlain ? "the value" : "'\(content.columns[value])'"
                throw TableContent.Mistake(
                    line: row.line,
                    reason: "\(what) nests \(depth) levels deep, and events have room for \(most) there"
                )
            }
        }
    }

    /// True for what a spreadsheet makes of the number of an account: without its zeros, or as a power of ten.
    private static func isShortened(_ text: String) -> Bool {
        // A pattern is dear to make, and a table may have very many keys.
        guard let first = text.utf8.first, (0x30...0x39).contains(first), text.utf8.count < 32 else { return false }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return (9...11).contains(text.utf8.count) }
        guard text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        return text.wholeMatch(of: /[0-9]([.,][0-9]+)?[eE][+]?1[01]/) != nil
    }

    /// Puts a row under its key; the row that has the key already.
    private func add(_ key: String, row: Int, line: Int) throws(TableContent.Mistake) -> Int? {
        let bytes = Array(key.utf8)
        guard match == .cidr else { return texts.insert(row, under: bytes) }
        let network = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe Network(bytes) ?? Address(bytes).map { Network(of: $0, prefix: $0.width) }
        }
        guard let network else {
            throw TableContent.Mistake(line: line, reason: "'\(key)' is no network such as 10.0.0.0/8, and no address")
        }
        if let other = networks[network] { return other }
        networks[network] = row
        return nil
    }

    /// True when every text is expected to be a key.
    var isExact: Bool { match == .exact }

    /// The row of a text; nil when the table has nothing for it.
    func row(for text: UnsafeBufferPointer<UInt8>) -> Int? {
        switch match {
        case .exact: return unsafe texts.value(of: text)
        case .prefix:
            for length in lengths where length <= text.count {
                if let row = unsafe texts.value(of: UnsafeBufferPointer(rebasing: text[..<length])) { return row }
            }
            return nil
        case .cidr:
            guard let address = unsafe Address(text), let prefixes = prefixes[address.width] else { return nil }
            for prefix in prefixes {
                if let row = networks[Network(of: address, prefix: prefix)] { return row }
            }
            return nil
        }
    }

    /// Sets what stands in a row; the table must live as long as the column.
    func fill(_ column: AddedColumn, _ eventRow: Int, from row: Int) {
        for member in 0..<width {
            let slice = cells[row * width + member]
            if slice.kind != .missing { column.set(slice, row: eventRow, member: member) }
        }
    }
}

extension EventField.Content {
    /// What is known of a value of some kinds.
    fileprivate init(holding kinds: Set<JSONKind>) {
        switch kinds {
        case [.string]: self = .text
        case [.number]: self = .number
        case [.bool]: self = .boolean
        default: self = kinds.isDisjoint(with: [.object, .array]) ? .value : .anything
        }
    }
}

import MHPipeKit

/// The ARNs that a record names as what the call touched, each once, in the order in which they stand.
///
/// They are those of `resources`, and every string that is an ARN in the request and in the response, at any depth. One
/// instance serves all events of a transform, so that its memory is used again.
struct TouchedARNs {
    private struct Bytes: Hashable {
        let slice: JSONSlice

        static func == (left: Bytes, right: Bytes) -> Bool { left.slice.equals(right.slice) }

        func hash(into hasher: inout Hasher) {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(slice.bytes))
        }
    }

    private var found: [JSONSlice] = []
    /// All that were found, where they are too many to compare with each.
    private var index: Set<Bytes> = []
    private static let fewARNs = 16

    /// Takes another event, by the index positions of its fields; 0 for those that the record lacks.
    mutating func read(resources: Int, _ request: Int, _ response: Int, _ reader: TextReader) {
        found.removeAll(keepingCapacity: true)
        if !index.isEmpty { index.removeAll() }
        readResources(resources, reader)
        readStrings(below: request, reader)
        readStrings(below: response, reader)
    }

    /// The JSON text of the list; nil when it is empty.
    var list: [UInt8]? {
        guard !found.isEmpty else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(found.reduce(1) { unsafe $0 + $1.bytes.count + 3 })
        for slice in found {
            text.append(text.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
            text.append(UInt8(ascii: "\""))
            unsafe text.append(contentsOf: slice.bytes)
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// A list of objects; other keys of theirs are types, accounts and prefixes of ARNs.
    private mutating func readResources(_ position: Int, _ reader: TextReader) {
        let cursor = reader.cursor
        guard position > 0, cursor.byte(at: position) == UInt8(ascii: "[") else { return }
        var next = position + 1
        while cursor.byte(at: next) != UInt8(ascii: "]") {
            var name = JSONSlice.missing
            next = unsafe cursor.members(of: next) { key, value in
                if unsafe reader.column.normalized(JSONSlice(kind: .string, bytes: key)).equals("ARN") {
                    name = reader.text(value)
                }
                return cursor.skip(value)
            }
            add(name)
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
    }

    private mutating func readStrings(below position: Int, _ reader: TextReader) {
        let cursor = reader.cursor
        guard position > 0 else { return }
        for token in position..<cursor.skip(position) where cursor.byte(at: token) == UInt8(ascii: "\"") {
            // What stands before a colon is a key.
            guard cursor.byte(at: token + 1) != UInt8(ascii: ":") else { continue }
            let bytes = unsafe cursor.stringBytes(token)
            guard let first = unsafe bytes.first, first == UInt8(ascii: "a") || first == UInt8(ascii: "\\") else {
                continue
            }
            add(reader.text(token))
        }
    }

    private mutating func add(_ name: JSONSlice) {
        guard name.arnResource.isPresent else { return }
        if found.count < Self.fewARNs {
            guard !found.contains(where: { $0.equals(name) }) else { return }
        } else {
            if index.isEmpty { index.formUnion(found.map { Bytes(slice: $0) }) }
            guard index.insert(Bytes(slice: name)).inserted else { return }
        }
        found.append(name)
    }
}

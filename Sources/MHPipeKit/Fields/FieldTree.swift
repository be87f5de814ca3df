/// Field paths as a tree of keys, so that what they have in common is walked once.
///
/// Nodes are numbered so that the nodes below one follow it directly: node *n* has those up to, not including,
/// its `end` below it. The first nodes are those of known top-level fields; all other top-level keys stand below one
/// further node, which stands for the record itself.
@safe
final class FieldTree {
    // Invariant: `nodes` has `count` initialised nodes, each with a `key` of `keyCount` bytes in `keys`; nothing
    // changes after `init`.
    private let nodes: UnsafeMutablePointer<Node>
    private let keys: UnsafeMutablePointer<UInt8>

    let count: Int
    /// The node of each path.
    let places: [Int]
    /// The nodes of known top-level fields.
    let knownRoots: [(node: Int, field: KnownField)]
    /// The node that stands for the record, when there are fields that are not known ones.
    let recordNode: Int?

    @safe
    private struct Node {
        var key: UnsafePointer<UInt8>
        var keyCount: Int
        /// The number that the key is in an array, or -1.
        var element: Int
        /// The number behind the last node below this one.
        var end: Int
    }

    init(_ paths: [FieldPath]) {
        var plan = Plan(places: Array(repeating: 0, count: paths.count))
        let numbered = Array(paths.enumerated())
        plan.add(numbered.filter { $0.element.known != nil }, depth: 0)
        let others = numbered.filter { $0.element.known == nil }
        if others.isEmpty {
            recordNode = nil
        } else {
            recordNode = plan.keys.count
            plan.addRecord(above: others)
        }
        count = plan.keys.count
        places = plan.places
        knownRoots = plan.roots
        unsafe keys = .allocate(capacity: max(plan.keys.reduce(0) { $0 + $1.count }, 1))
        unsafe nodes = .allocate(capacity: max(count, 1))
        var next = unsafe keys
        for (number, key) in plan.keys.enumerated() {
            unsafe next.initialize(from: key, count: key.count)
            let element = FieldReader.elementNumber(key) ?? -1
            unsafe (nodes + number).initialize(
                to: Node(key: next, keyCount: key.count, element: element, end: plan.ends[number])
            )
            unsafe next += key.count
        }
    }

    deinit {
        unsafe nodes.deallocate()
        unsafe keys.deallocate()
    }

    /// The nodes while they are counted and numbered.
    private struct Plan {
        var places: [Int]
        var keys: [[UInt8]] = []
        var ends: [Int] = []
        var roots: [(node: Int, field: KnownField)] = []

        /// Adds nodes for the keys at one depth of paths that are the same above it.
        mutating func add(_ paths: [(offset: Int, element: FieldPath)], depth: Int) {
            var left = paths
            while let first = left.first?.element {
                let key = first.keyBytes[depth]
                let same = left.filter { $0.element.keyBytes[depth] == key }
                left.removeAll { $0.element.keyBytes[depth] == key }
                let node = keys.count
                keys.append(key)
                ends.append(node)
                if depth == 0, let field = first.known { roots.append((node, field)) }
                for path in same where path.element.keys.count == depth + 1 { places[path.offset] = node }
                add(same.filter { $0.element.keys.count > depth + 1 }, depth: depth + 1)
                ends[node] = keys.count
            }
        }

        /// Adds the node that stands for the record, and those of paths below it.
        mutating func addRecord(above paths: [(offset: Int, element: FieldPath)]) {
            let node = keys.count
            keys.append([])
            ends.append(node)
            add(paths, depth: 0)
            ends[node] = keys.count
        }
    }

    /// Notes the places of what is below a node in the value at a position; the last of repeated keys counts.
    ///
    /// - Parameters:
    ///   - node: The node that the value belongs to.
    ///   - position: The value's position, or -1 when there is none.
    ///   - cursor: The text.
    ///   - positions: Room for an index position for each node; those below `node` are set, to -1 where there is
    ///     nothing.
    func locate(below node: Int, _ position: Int, _ cursor: JSONCursor, _ positions: UnsafeMutablePointer<Int>) {
        guard unsafe nodes[node].end > node + 1 else { return }
        unsafe clear(below: node, positions)
        if position >= 0 { _ = unsafe walk(node, position, cursor, positions) }
    }

    private func clear(below node: Int, _ positions: UnsafeMutablePointer<Int>) {
        var next = node + 1
        let end = unsafe nodes[node].end
        while next < end {
            unsafe positions[next] = -1
            next += 1
        }
    }

    /// Walks a value; the position behind it.
    private func walk(_ node: Int, _ position: Int, _ cursor: JSONCursor, _ positions: UnsafeMutablePointer<Int>) -> Int
    {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "{"): break
        case UInt8(ascii: "["): return unsafe walkElements(node, position, cursor, positions)
        default: return position + 1
        }
        var next = position + 1
        while cursor.byte(at: next) == UInt8(ascii: "\"") {
            let value = next + 2
            let child = unsafe child(of: node, named: cursor.stringBytes(next))
            if child < 0 {
                next = cursor.skip(value)
            } else {
                unsafe positions[child] = value
                if unsafe nodes[child].end > child + 1 {
                    unsafe clear(below: child, positions)
                    next = unsafe walk(child, value, cursor, positions)
                } else {
                    next = cursor.skip(value)
                }
            }
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return next + 1
    }

    private func walkElements(
        _ node: Int,
        _ position: Int,
        _ cursor: JSONCursor,
        _ positions: UnsafeMutablePointer<Int>
    ) -> Int {
        var child = node + 1
        while unsafe child < nodes[node].end {
            if unsafe nodes[child].element >= 0 {
                let value = unsafe cursor.element(nodes[child].element, in: position)
                unsafe positions[child] = value
                unsafe locate(below: child, value, cursor, positions)
            }
            child = unsafe nodes[child].end
        }
        return cursor.skip(position)
    }

    /// The node directly below another that a key names, or -1.
    private func child(of node: Int, named key: UnsafeBufferPointer<UInt8>) -> Int {
        let end = unsafe nodes[node].end
        let hasEscapes = unsafe JSONText.hasBackslash(key)
        var child = node + 1
        while child < end {
            let wanted = unsafe UnsafeBufferPointer(start: nodes[child].key, count: nodes[child].keyCount)
            if unsafe hasEscapes ? JSONText.decodedEquals(key, wanted) : Self.isEqual(key, wanted) { return child }
            child = unsafe nodes[child].end
        }
        return -1
    }

    @inline(__always)
    private static func isEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count, let start = left.baseAddress, let other = right.baseAddress else {
            return false
        }
        return unsafe equalBytes(start, other, left.count)
    }
}

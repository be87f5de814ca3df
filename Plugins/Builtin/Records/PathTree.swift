import MHPipeKit

/// Field paths as a tree of keys, for walking a record once whatever the number of paths.
final class PathTree {
    /// The key that leads here, empty at the root.
    let key: [UInt8]
    /// The number that the key is in an array.
    let element: Int?
    /// The numbers of the paths that end here.
    private(set) var paths: [Int] = []
    /// The nodes below.
    private(set) var children: [PathTree] = []

    /// The tree of some paths, numbered in their order.
    convenience init(_ paths: [FieldPath]) {
        self.init(key: [])
        for (number, path) in paths.enumerated() { add(number, path.keyBytes[...]) }
    }

    private init(key: [UInt8]) {
        self.key = key
        let isNumber = !key.isEmpty && key.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        element = isNumber ? Int(String(decoding: key, as: UTF8.self)) : nil
    }

    private func add(_ number: Int, _ keys: ArraySlice<[UInt8]>) {
        guard let key = keys.first else { return paths.append(number) }
        let child = children.first { $0.key == key } ?? PathTree(key: key)
        if !children.contains(where: { $0 === child }) { children.append(child) }
        child.add(number, keys.dropFirst())
    }

    /// True where a path ends.
    var isEnd: Bool { !paths.isEmpty }

    /// The node below for a part of a container.
    @inline(__always)
    func child(of part: JSONPart, _ cursor: JSONCursor) -> PathTree? {
        if let element = part.element { return children.first { $0.element == element } }
        return children.first { child in
            unsafe child.key.withUnsafeBufferPointer { unsafe cursor.keyEquals(part.start, $0) }
        }
    }
}

/// A member of an object, or an element of an array, by its positions.
struct JSONPart {
    /// The position of the key, or of the element.
    let start: Int
    /// The position of the value.
    let value: Int
    /// The position behind the value.
    let end: Int
    /// The position behind the comma, when one follows.
    let after: Int
    /// The number of an element; nil for a member.
    let element: Int?
}

extension JSONCursor {
    /// Walks what stands directly in an object or array, in its order; other values have nothing in them.
    @inline(__always)
    func forEachPart(of position: Int, _ body: (JSONPart) throws -> Void) rethrows {
        let first = byte(at: position)
        let isObject = first == UInt8(ascii: "{")
        guard isObject || first == UInt8(ascii: "[") else { return }
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var next = position + 1
        var number = 0
        while byte(at: next) != end {
            let value = isObject ? next + 2 : next
            let behind = skip(value)
            let after = byte(at: behind) == UInt8(ascii: ",") ? behind + 1 : behind
            try body(JSONPart(start: next, value: value, end: behind, after: after, element: isObject ? nil : number))
            next = after
            number += 1
        }
    }
}

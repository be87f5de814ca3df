import MHPipeKit

/// Where some fields of a record stand, found in one walk.
///
/// Of repeated keys the last counts, with all that is in it. One instance serves all events of a transform.
final class FieldPlaces {
    private let tree: PathTree
    private var positions: [Int]

    /// - Parameter paths: The fields, which are asked for by their numbers.
    init(_ paths: [FieldPath]) {
        tree = PathTree(paths)
        positions = Array(repeating: 0, count: paths.count)
    }

    /// Takes another record.
    func find(in record: Int, _ cursor: JSONCursor) {
        for number in positions.indices { positions[number] = 0 }
        find(in: record, tree, cursor)
    }

    /// The index position of a field's value; 0 where the record lacks it.
    subscript(number: Int) -> Int { positions[number] }

    private func find(in position: Int, _ node: PathTree, _ cursor: JSONCursor) {
        cursor.forEachPart(of: position) { part in
            guard let child = node.child(of: part, cursor) else { return }
            if let number = child.paths.first { positions[number] = part.value }
            guard !child.children.isEmpty else { return }
            for below in child.children { forget(below) }
            find(in: part.value, child, cursor)
        }
    }

    private func forget(_ node: PathTree) {
        if let number = node.paths.first { positions[number] = 0 }
        for child in node.children { forget(child) }
    }
}

import MHPipeKit

/// What a path leads to among the fields that are known.
enum FieldLookup {
    /// A value of which this is known.
    case found(EventField.Content)
    /// An object that has no such key.
    case unknown(depth: Int)
    /// A text, a number, true or false: nothing stands below it.
    case belowValue(depth: Int)
    /// A list, whose elements have numbers.
    case noElement(depth: Int)

    /// Follows a path.
    ///
    /// - Parameters:
    ///   - keys: The keys of the path.
    ///   - fields: The top-level fields.
    init(_ keys: [String], among fields: [EventField]) {
        var content = EventField.Content.object(fields)
        for (depth, key) in keys.enumerated() {
            switch content {
            case .object(let fields):
                guard let field = fields.first(where: { $0.key == key }) else {
                    self = .unknown(depth: depth)
                    return
                }
                content = field.content
            case .list(let element):
                guard Self.isNumber(key) else {
                    self = .noElement(depth: depth)
                    return
                }
                content = element
            case .anything:
                self = .found(.anything)
                return
            case .value, .text, .number, .boolean, .oneOf, .usually:
                self = .belowValue(depth: depth)
                return
            }
        }
        self = .found(content)
    }

    /// True for a key that numbers an element of a list.
    static func isNumber(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}

/// An operator that compares.
package enum Comparison: String, Sendable {
    case equal = "==", unequal = "!="
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

    /// True for those that need an order.
    package var isOrdering: Bool { self != .equal && self != .unequal }

    /// Whether it holds of what stands before (less than 0), at or behind something.
    package func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// What it is when its sides change places.
    package var turned: Comparison {
        switch self {
        case .equal, .unequal: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

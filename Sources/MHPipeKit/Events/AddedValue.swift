/// A value that a transform adds to an event.
public enum AddedValue: Sendable, Hashable {
    /// A text.
    case string(String)
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A finite number with a fraction.
    case double(Double)
    /// Any JSON value as its text. It must be valid JSON: it is written as it is.
    case json(String)
}

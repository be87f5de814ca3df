/// A value that a transform adds to an event.
public enum AddedValue: Sendable, Hashable {
    case string(String)
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A number with a fraction; one that is not finite adds nothing, since JSON cannot write it.
    case double(Double)
    /// Any JSON value as its text.
    ///
    /// It must be valid JSON: it is written as it is but for the white space between its tokens, which is left out.
    case json(String)
}

/// A transform that has state with some of its options.
package protocol SwitchingTransform: TransformPlugin {
    /// What stands in for it then.
    associatedtype Ordered: OrderedTransform where Ordered.Options == Options

    /// True when it has state.
    static func isOrdered(_ options: Options) -> Bool
}

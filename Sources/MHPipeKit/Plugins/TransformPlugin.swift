/// What the kinds of transforms have in common: events come in, and events go on.
///
/// A plugin conforms to one of the three, by what it needs:
///
/// - `Transform` looks at each event by itself. Every worker has an instance: nothing is faster.
/// - `RoutingTransform` is one that sends each event to one or more named outputs.
/// - `OrderedTransform` has state. There is one instance, and it sees all events in the order of the input.
public protocol TransformPlugin: Plugin {}

/// What the kinds of transforms have in common: events come in, and events go on.
///
/// A plugin conforms to one of the three, by what it needs:
///
/// - `Transform` looks at each event by itself. Every worker has an instance: nothing is faster.
/// - `RoutingTransform` is one that sends each event to one or more named outputs.
/// - `OrderedTransform` has state. There is one instance, and it sees all events in the order of the input.
public protocol TransformPlugin: Plugin {
    /// The top-level fields that the transform adds to events.
    ///
    /// The check of pipelines reads it: a field path in a later stage that names none of these fields, and none of
    /// CloudTrail's, is reported; so is one in an earlier stage that names one of them.
    ///
    /// - Parameter options: The options, which an instance can be made of; the defaults, for what a pipeline could add.
    /// - Returns: Every field that it may add, none for one that adds nothing; nil when nobody can tell, and then field
    ///   paths of later stages are not checked.
    static func adds(_ options: Options) -> [EventField]?
}

extension TransformPlugin {
    /// Nobody can tell, unless the transform says.
    public static func adds(_ options: Options) -> [EventField]? { nil }
}

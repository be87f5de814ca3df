/// A transform that says more of itself than the kit asks for: for the check of pipelines, and for the stages behind it.
///
/// One protocol for all of it, since each that a type is asked for costs a walk through the conformances of the program.
package protocol DescribedTransform: TransformPlugin {
    /// True when it adds keys to an object which another transform may have added, instead of replacing it.
    static var extendsObjects: Bool { get }

    /// True when its options name fields that nobody is to see, so that a name which is nearly one is a mistake.
    static var hidesFields: Bool { get }

    /// The fields of records that it reads, be it only because no option says otherwise.
    ///
    /// - Parameter options: The options of the stage.
    /// - Returns: The fields; where one is an object, what is in it counts too.
    static func reads(_ options: Options) -> [FieldPath]

    /// What it cannot tell of an event when others are left out above it; nil where it looks at each by itself.
    static var lost: String? { get }

    /// True when it drops events for what they are.
    ///
    /// - Parameter options: The options of the stage.
    /// - Returns: False where they make it keep all.
    static func drops(_ options: Options) -> Bool

    /// The services whose events go on, as `eventSource` names them.
    ///
    /// - Parameter options: The options of the stage.
    /// - Returns: The services; nil when events of any may go on.
    static func keptServices(_ options: Options) -> Set<String>?

    /// The comparisons of fields with texts of its options, so that what a field cannot be is found.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The comparisons.
    static func comparisons(_ options: Options) -> [FieldComparison]

    /// The values of the options that say themselves what they take fields for, such as conditions.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The values.
    static func fieldChecks(_ options: Options) -> [any FieldChecking]
}

extension DescribedTransform {
    package static var extendsObjects: Bool { false }

    package static var hidesFields: Bool { false }

    package static func reads(_ options: Options) -> [FieldPath] { [] }

    package static var lost: String? { nil }

    package static func drops(_ options: Options) -> Bool { false }

    package static func keptServices(_ options: Options) -> Set<String>? { nil }

    package static func comparisons(_ options: Options) -> [FieldComparison] { [] }

    package static func fieldChecks(_ options: Options) -> [any FieldChecking] { [] }
}

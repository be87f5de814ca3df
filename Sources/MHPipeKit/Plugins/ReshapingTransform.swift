/// A transform behind which fields of events may be gone, or have other names.
package protocol ReshapingTransform: TransformPlugin {
    /// What it does to the fields of events, so that paths of later stages can be checked.
    ///
    /// - Parameter options: The options, which an instance was made of.
    /// - Returns: The change.
    static func shape(_ options: Options) -> FieldShape
}

/// Where a batch's records were read.
public struct EventOrigin: Sendable, Hashable {
    /// The name of the source stage in the pipeline.
    public var source: String
    /// The name of the unit of work: a file's path, an object's address, or `-` for standard input.
    public var unit: String

    /// States an origin.
    ///
    /// - Parameters:
    ///   - source: The source stage's name.
    ///   - unit: The unit's name, as messages should show it.
    public init(source: String, unit: String) {
        self.source = source
        self.unit = unit
    }
}

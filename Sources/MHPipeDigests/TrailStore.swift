package import MHPipeKit

/// Where a trail's digest files and log files are: a bucket, or a copy of one.
///
/// All calls may come from several threads at once.
package protocol TrailStore: Sendable {
    /// What messages call it.
    var name: String { get }

    /// Hands out the address of every object whose key begins with a prefix, in no order that matters.
    ///
    /// - Parameters:
    ///   - prefix: Where the keys begin; empty for all.
    ///   - body: Takes the address.
    /// - Throws: `StageError` when it cannot be listed; what `body` throws.
    func forEachObject(under prefix: String, _ body: (ObjectAddress) throws -> Void) throws

    /// Opens an object.
    ///
    /// - Parameter object: Its address.
    /// - Returns: Its bytes as they are stored; nil when there is no such object.
    /// - Throws: `StageError` when it is there and cannot be read, with `endsRun` where any other may fail as well.
    func open(_ object: ObjectAddress) throws -> (any ByteStream)?

    /// True for an object that is there.
    ///
    /// - Parameter object: Its address.
    /// - Returns: False when there is no such object.
    /// - Throws: As `open`.
    func has(_ object: ObjectAddress) throws -> Bool

    /// What is stored beside the bytes of an object under `x-amz-meta-`, by names without that, in lower case.
    ///
    /// - Parameter object: Its address.
    /// - Returns: The metadata; nil when the store does not know any, which says nothing of the object.
    /// - Throws: As `open`.
    func metadata(of object: ObjectAddress) throws -> [String: String]?
}

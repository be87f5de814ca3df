package import MHPipeKit

/// Where a trail's digest files and log files are: a bucket, or a copy of one.
///
/// All calls may come from several threads at once.
package protocol TrailStore: Sendable {
    /// What messages call it.
    var name: String { get }

    /// How many threads read objects side by side; nil for as many as there are processors.
    var parallelism: Int? { get }

    /// How many objects are asked for before somebody reads them.
    var readAhead: Int { get }

    /// Hands out the addresses of objects, in no order that matters.
    ///
    /// - Parameters:
    ///   - files: The objects that have to be among them.
    ///   - selection: What is asked for; of what is not, some or none may be handed out.
    ///   - body: Takes the address.
    /// - Throws: `StageError` when they cannot be listed; what `body` throws.
    func forEachObject(
        _ files: TrailFiles,
        of selection: TrailSelection,
        _ body: (ObjectAddress) throws -> Void
    ) throws

    /// Begins to list objects, where that can be done beside other work.
    ///
    /// - Parameters:
    ///   - files: As for `forEachObject`.
    ///   - selection: Likewise.
    /// - Returns: What hands them out.
    func listAhead(_ files: TrailFiles, of selection: TrailSelection) -> ObjectList

    /// The folders that could not be listed so far.
    var unlistedFolders: [UnlistedFolder] { get }

    /// What findings call an object: its address, or its path where it is in no bucket that anybody knows.
    func shown(_ object: ObjectAddress) -> String

    /// Asks for an object, without waiting for it.
    ///
    /// - Parameters:
    ///   - object: Its address.
    ///   - take: Takes what opens it, once: before this returns, or later on another thread, where it must not wait.
    func ask(for object: ObjectAddress, _ take: @escaping @Sendable (AskedObject) -> Void)

    /// Asks whether an object is there.
    ///
    /// - Parameter object: Its address.
    /// - Returns: Nil when it is, or when nobody can tell.
    /// - Throws: `StageError` when no other can be asked for either.
    func absence(of object: ObjectAddress) throws -> MissingObject?
}

extension TrailStore {
    package func shown(_ object: ObjectAddress) -> String { object.description }

    /// Lists them when they are taken.
    package func listAhead(_ files: TrailFiles, of selection: TrailSelection) -> ObjectList {
        ObjectList { body in try forEachObject(files, of: selection, body) }
    }
}

/// The objects of a listing that may have begun.
package struct ObjectList {
    private let taking: ((ObjectAddress) throws -> Void) throws -> Void

    /// - Parameter taking: Hands them out; called once.
    package init(_ taking: @escaping ((ObjectAddress) throws -> Void) throws -> Void) {
        self.taking = taking
    }

    /// Hands out the addresses of the objects; once.
    ///
    /// - Parameter body: Takes the address.
    /// - Throws: `StageError` when they cannot be listed; what `body` throws.
    package func forEach(_ body: (ObjectAddress) throws -> Void) throws { try taking(body) }
}

/// What is listed of a store.
package enum TrailFiles: Sendable {
    /// Digest files.
    case digests
    /// Digest files, log files, and whatever else may be taken for one.
    case all
}

/// An object that is read.
package struct StoredObject {
    /// Its bytes as they are stored.
    package let stream: any ByteStream
    /// What is stored beside the bytes under `x-amz-meta-`, by names without that, in lower case; nil when the store does not know
    /// any, which says nothing of the object.
    let metadata: () throws -> [String: String]?
}

/// An object that was asked for, or why there is none.
package struct AskedObject: Sendable {
    /// True when reading it takes next to no time, and nobody waits meanwhile.
    package let isQuick: Bool
    private let opening: @Sendable () throws -> StoredObject

    /// - Parameters:
    ///   - isQuick: True when reading it takes next to no time, and nobody waits meanwhile.
    ///   - opening: Opens it; called once.
    package init(isQuick: Bool = false, _ opening: @escaping @Sendable () throws -> StoredObject) {
        self.isQuick = isQuick
        self.opening = opening
    }

    /// Opens it.
    ///
    /// - Returns: What is stored.
    /// - Throws: `MissingObject`; `UnreachableObject`; `StageError` when it is there and is not what it should be, with `endsRun`
    ///   where any other may fail as well.
    package func open() throws -> StoredObject { try opening() }
}

/// There is no such object.
package struct MissingObject: Error {
    /// What there is to say of it.
    package var detail: String?
}

/// An object of which nobody can tell what it is, since it cannot be had.
package struct UnreachableObject: Error {
    package let reason: String
}

/// A folder of which nobody can tell what is in it.
package struct UnlistedFolder: Sendable {
    package let folder: ObjectAddress
    package let reason: String
}

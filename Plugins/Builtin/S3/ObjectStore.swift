import MHPipeAWS
import MHPipeKit

/// Buckets as a place for the outputs of a sink; nothing is asked before they are opened.
struct ObjectStore: OutputStore {
    private let connection: ConnectionOptions
    private let objects: ObjectOptions
    private let storage: StorageOptions
    let context: PluginContext
    /// True where there is to be no object that holds nothing.
    var removesEmpty: Bool { storage.whenEmpty == .remove }

    init(_ options: some ObjectWritingOptions, _ context: PluginContext) {
        (connection, objects, storage) = (options.connection, options.objects, options.storage)
        self.context = context
    }

    func output(_ name: String) -> any NamedOutput { ObjectOutput(name, self) }

    func outputs(below folder: String, beginning: [UInt8]) -> any NamedOutputs {
        let outputs = ObjectOutputs(folder, beginning: beginning, self)
        guard let key = context.stateKey, let state = context.stateFolder else { return outputs }
        return SpooledOutputs(outputs, name: folder, in: state, part: UploadFiles.part(context.stage), key: key)
    }

    /// What a run that keeps its state writes down of uploads; nil in any other.
    var kept: UploadFiles? {
        guard context.stateKey != nil, let folder = context.stateFolder else { return nil }
        return UploadFiles(folder, stage: context.stage)
    }

    /// Lets go of what earlier runs have begun and this one does not go on with.
    ///
    /// - Throws: `StageError` when there is no way to the bucket.
    func abort(_ kept: UploadFiles, but upload: String? = nil) throws {
        for other in kept.noted where other.upload != upload {
            let (target, key) = try open(other.place.url)
            if let left = ObjectUpload.abort(other.upload, of: S3Location(bucket: target.name, key: key), by: target) {
                context.warn(left)
            }
        }
        if upload == nil { kept.forget() }
    }

    /// The bucket of a path.
    ///
    /// - Throws: `StageError` when the configuration or a key cannot be read.
    func open(_ path: String) throws -> (target: UploadTarget, key: String) {
        guard let location = S3Location(path) else { throw StageError("'\(path)' is no bucket and key") }
        let target = try UploadTarget(
            location.bucket,
            AWSConnection(connection.forAWS, stop: context.stop, warn: context.warn),
            extras: objects.extras(),
            storage.settings(keepsExisting: context.keepsExisting)
        )
        return (target, location.key)
    }

    /// A way to a bucket on which nothing else is, to abort uploads; nil where there is none, which is said of those that stay.
    func anew(_ target: UploadTarget?, toAbort uploads: [ObjectUpload]) -> UploadTarget? {
        do {
            return try target?.anew()
        } catch {
            let why = StageError(wrapping: error).message
            for upload in uploads {
                if let command = upload.abortCommand { context.warn(UploadWords.left(upload.place, why, command)) }
            }
            return nil
        }
    }
}

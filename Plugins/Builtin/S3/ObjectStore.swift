import MHPipeAWS
import MHPipeKit

/// Buckets as a place for the outputs of a sink; nothing is asked before they are opened.
struct ObjectStore: OutputStore {
    private let connection: ConnectionOptions
    private let objects: ObjectOptions
    private let storage: StorageOptions
    let context: PluginContext

    init(_ options: some ObjectWritingOptions, _ context: PluginContext) {
        (connection, objects, storage) = (options.connection, options.objects, options.storage)
        self.context = context
    }

    func output(_ name: String) -> any NamedOutput { ObjectOutput(name, self) }

    func outputs(below folder: String, beginning: [UInt8]) -> any NamedOutputs {
        ObjectOutputs(folder, beginning: beginning, self)
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

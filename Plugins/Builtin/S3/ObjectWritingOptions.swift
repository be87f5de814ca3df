import MHPipeAWS
import MHPipeKit

/// What the options of a sink say of how the objects that it writes are kept.
struct StorageOptions: Sendable {
    /// How objects are stored, and what that costs.
    enum StorageClass: String, OptionChoice {
        case standard = "STANDARD"
        case standardIA = "STANDARD_IA"
        case oneZoneIA = "ONEZONE_IA"
        case intelligentTiering = "INTELLIGENT_TIERING"
        case glacierIR = "GLACIER_IR"
        case glacier = "GLACIER"
        case deepArchive = "DEEP_ARCHIVE"
    }

    /// What becomes of an object that would hold no byte.
    enum WhenEmpty: String, OptionChoice {
        case write
        /// There is none then, and one of an earlier run is removed.
        case remove
    }

    var storageClass: StorageClass?
    var whenEmpty = WhenEmpty.write
    var kmsKey: String?

    /// The same for whoever writes.
    func settings(keepsExisting: Bool) -> UploadTarget.Settings {
        var settings = UploadTarget.Settings()
        settings.storageClass = storageClass?.rawValue
        settings.kmsKey = kmsKey
        settings.keepsExisting = keepsExisting
        return settings
    }
}

/// The options of a sink that may write objects.
protocol ObjectWritingOptions: ObjectReadingOptions {
    var storage: StorageOptions { get set }
}

extension ObjectWritingOptions {
    /// The declarations of `storage`, `objects` and `connection`, for the end of `all`.
    static var writingObjects: [Option<Self>] {
        [
            .optional(
                "storage_class",
                \.storage.storageClass,
                "How objects of an s3:// path are stored; left out, in the usual class.",
                example: "STANDARD_IA"
            ),
            .optional(
                "when_empty",
                \.storage.whenEmpty,
                "What becomes of the object of an s3:// path without fields that would hold no byte: it is written, or removed where an "
                    + "earlier run has written one.",
                example: "remove"
            ),
            .optional(
                "kms_key",
                \.storage.kmsKey,
                "The key of KMS that encrypts objects of an s3:// path; left out, what the bucket says.",
                example: "alias/audit"
            ),
        ] + readingObjects + connecting
    }

    /// The first option that says something of objects.
    private var objectOption: String? {
        let usual = Self()
        return Self.writingObjects.first { $0.text(self) != $0.text(usual) }?.key
    }

    /// Refuses what does not go together, of a sink that writes to a path.
    func checkObjects(_ path: PathTemplate, _ rotation: Rotation?) throws(OptionError) {
        guard BucketPath.isOne(path.path) else {
            guard let option = objectOption else { return }
            throw OptionError(option: option, "is for a path that begins with s3://, and '\(path.path)' does not")
        }
        if rotation != nil {
            throw OptionError(
                option: "rotate",
                "is for files; of objects, a path with fields makes several, such as "
                    + "s3://bucket/{eventTime:%Y-%m-%d}.jsonl.gz"
            )
        }
        if storage.kmsKey != nil, objects.customerKey != nil {
            throw OptionError(option: "kms_key", "and 'customer_key' are two keys for one object; give one of them")
        }
        if storage.whenEmpty == .remove, !path.fieldPaths.isEmpty {
            throw OptionError(
                option: "when_empty",
                "is for a path without fields; with them, nothing is written without events"
            )
        }
        try ObjectName.check(path)
    }
}

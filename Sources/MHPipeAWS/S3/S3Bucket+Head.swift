extension S3Bucket {
    /// Asks for what a listing would say of one object.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - completion: Called once, on the caller's queue.
    package func head(_ key: String, _ completion: @escaping @Sendable (Result<S3Object, AWSFailure>) -> Void) {
        call("HEAD", key: key, headers: headersOfObjects, isWhole: { Self.object(key, $0) != nil }) {
            completion(
                $0.flatMap { response in
                    Self.object(key, response).map(Result.success)
                        ?? .failure(AWSFailure(cause: .mismatch("the answer says no size"), host: self.name))
                }
            )
        }
    }

    private static func object(_ key: String, _ response: HTTPResponse) -> S3Object? {
        guard let size = response["content-length"].flatMap({ Int($0) }), size >= 0 else { return nil }
        let storageClass = response["x-amz-storage-class"]
        var object = S3Object(key: key, etag: response["etag"]?.unquoted ?? "", size: size)
        object.storageClass = storageClass == "STANDARD" ? nil : storageClass
        object.isInArchiveTier = response["x-amz-archive-status"] != nil
        object.isOutput = response[UploadTarget.markName.lowercased()] != nil
        object.isRestored = response["x-amz-restore"]?.contains("ongoing-request=\"false\"") == true
        return object
    }
}

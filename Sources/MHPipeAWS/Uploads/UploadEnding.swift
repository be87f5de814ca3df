import MHPipeKit

/// The last request for an object, and what tells whether it was done when its answer does not.
///
/// An answer may be lost, or say that what was asked for has been done before: by the mark that is kept with the object, its
/// writer knows it again.
struct UploadEnding: Sendable {
    private let place: S3Location
    private let mark: String
    private let size: Int
    private let target: UploadTarget
    /// What to type where the upload stays unfinished.
    private let abortCommand: String?

    init(_ place: S3Location, _ mark: String, size: Int, in target: UploadTarget, _ abortCommand: String?) {
        (self.place, self.mark, self.size) = (place, mark, size)
        (self.target, self.abortCommand) = (target, abortCommand)
    }

    /// Writes a small object.
    func put(_ bytes: [UInt8], _ checksums: BodyChecksums, _ completion: @escaping @Sendable (StageError?) -> Void) {
        let headers = target.headers(mark: mark) + target.condition
        target.bucket.put(place.key, bytes, checksums, headers: headers) { result in
            switch result {
            // The answer was held against the hashes.
            case .success: completion(nil)
            case .failure(let failure): look(after: failure, completion)
            }
        }
    }

    /// Makes an object of parts.
    func complete(_ upload: String, _ parts: [UploadedPart], _ completion: @escaping @Sendable (StageError?) -> Void) {
        target.bucket.complete(upload, place.key, parts, headers: target.condition) { result in
            switch result {
            case .success: look(after: nil, completion)
            case .failure(let failure): look(after: failure, completion)
            }
        }
    }

    /// Looks whether the object is there, as it should be or in spite of a failure.
    private func look(after failure: AWSFailure?, _ completion: @escaping @Sendable (StageError?) -> Void) {
        isInPlace { result in
            switch (result, failure) {
            case (.success(true), _):
                if let abortCommand { UnfinishedUploads.remove(abortCommand) }
                completion(nil)
            case (.success(false), nil):
                completion(
                    StageError(
                        "cannot write '\(place.url)': it was completed, and what is there is another object",
                        advice: "somebody else may have written it at the same time; run again"
                    )
                )
            case (_, let failure?) where failure.refusal?.code != "PreconditionFailed":
                completion(UploadWords.failure(failure, of: place))
            // It may be his own: libcurl sends a request again by itself where a connection breaks that was used before.
            case (.failure, _?): completion(UploadWords.unseen(place))
            case (_, _?): completion(UploadWords.existing(place))
            case (.failure(let unknown), nil):
                // Whoever may write need not be one who may read, and the server has said that it is done.
                guard unknown.refusal?.code != "AccessDenied" else {
                    if let abortCommand { UnfinishedUploads.remove(abortCommand) }
                    return completion(nil)
                }
                completion(unknown.error("cannot see whether '\(place.url)' is whole", needs: "s3:GetObject on it"))
            }
        }
    }

    /// Finds out whether the object is there that this writer has made.
    func isInPlace(_ completion: @escaping @Sendable (Result<Bool, AWSFailure>) -> Void) {
        target.bucket.headers(of: place.key) { result in
            switch result {
            case .success(let response):
                let isSame = response[UploadTarget.markName.lowercased()] == mark
                completion(.success(isSame && response["content-length"] == "\(size)"))
            case .failure(let failure) where failure.refusal?.status == 404: completion(.success(false))
            case .failure(let failure): completion(.failure(failure))
            }
        }
    }
}

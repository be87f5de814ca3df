import Dispatch
import MHPipeKit

/// How uploads are let go of.
extension ObjectUpload {
    /// Lets go of what the server has of it.
    ///
    /// - Parameters:
    ///   - target: A way to the bucket on which nothing else is.
    ///   - completion: Called once, with what is to be said when that cannot be done.
    package func abort(by target: UploadTarget, _ completion: @escaping @Sendable (String?) -> Void) {
        guard let upload, !isInPlace else { return completion(nil) }
        // A part that comes behind might stay. What is on its way is given up with the run.
        _ = running.wait(timeout: .now() + .milliseconds(300))
        Self.abort(upload, of: place, by: target, completion)
    }

    /// Lets go of what the server has of it, and waits for that; what is to be said when it cannot be done.
    package func abort(by target: UploadTarget) -> String? {
        let answer = Awaited<String?>()
        abort(by: target) { answer.put($0) }
        return answer.wait(RunStop()) ?? nil
    }

    /// Lets go of an upload, which need not be there any more, and waits for that likewise.
    package static func abort(_ upload: String, of place: S3Location, by target: UploadTarget) -> String? {
        let answer = Awaited<String?>()
        abort(upload, of: place, by: target) { answer.put($0) }
        return answer.wait(target.stop) ?? nil
    }

    /// Lets go of an upload, which need not be there any more.
    package static func abort(
        _ upload: String,
        of place: S3Location,
        by target: UploadTarget,
        _ completion: @escaping @Sendable (String?) -> Void
    ) {
        target.bucket.abort(upload, place.key) { result in
            if case .failure(let failure) = result, failure.refusal?.code != "NoSuchUpload" {
                return completion(UploadWords.left(upload, of: place, failure))
            }
            UnfinishedUploads.remove(UploadWords.abortCommand(upload, place))
            completion(nil)
        }
    }
}

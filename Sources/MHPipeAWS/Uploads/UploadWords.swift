package import MHPipeKit

/// What the user reads of objects that cannot be written.
package enum UploadWords {
    /// An object that could not be written.
    package static func failure(_ failure: AWSFailure, of place: S3Location) -> StageError {
        failure.error(
            "cannot write '\(place.url)'",
            needs: "s3:PutObject on it, and kms:GenerateDataKey and kms:Decrypt where a key of KMS encrypts it"
        )
    }

    /// An object that was to be removed, since what takes its place is empty.
    static func removal(_ failure: AWSFailure, of place: S3Location) -> StageError {
        failure.error("cannot remove '\(place.url)'", needs: "s3:DeleteObject on it")
    }

    /// An object that is there and is to stay.
    static func existing(_ place: S3Location) -> StageError {
        StageError("'\(place.url)' is there already", advice: "'--force' replaces it; or choose another key")
    }

    /// An object that is there and that may not be looked at.
    static func unseen(_ place: S3Location) -> StageError {
        StageError(
            "'\(place.url)' is there already, or was written by this run, where an answer was lost; which of them it is cannot be "
                + "seen without s3:GetObject on it",
            advice: "look whose it is; '--force' replaces it"
        )
    }

    /// A folder in which objects are that are to stay.
    static func existing(below place: S3Location) -> StageError {
        StageError(
            "there are objects below '\(place.url)' already",
            advice: "'--force' replaces those that get new ones; or choose another folder"
        )
    }

    /// An upload that is not there any more.
    static func gone(_ place: S3Location, _ reason: String) -> StageError {
        StageError(
            "cannot go on with the upload of '\(place.url)': \(reason)",
            advice: "begin anew with --restart"
        )
    }

    /// Parts that a bucket still has.
    static func left(_ upload: String, of place: S3Location, _ failure: AWSFailure) -> String {
        left(place, failure.reason(needs: "s3:AbortMultipartUpload on it"), abortCommand(upload, place))
    }

    /// The same for any other reason.
    package static func left(_ place: S3Location, _ why: String, _ abortCommand: String) -> String {
        "the upload of '\(place.url)' could not be aborted: \(why); its parts cost money until that is done: \(abortCommand)"
    }

    /// What to type to let go of an upload.
    static func abortCommand(_ upload: String, _ place: S3Location) -> String {
        "aws s3api abort-multipart-upload --bucket \(place.bucket) --key \(ShellWord.quoted(place.key)) "
            + "--upload-id \(ShellWord.quoted(upload))"
    }
}

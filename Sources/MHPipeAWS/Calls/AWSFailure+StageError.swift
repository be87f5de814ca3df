package import MHPipeKit

extension AWSFailure {
    /// The failure in the words that the user reads.
    ///
    /// - Parameters:
    ///   - what: What could not be done: `cannot list 's3://bucket/'`.
    ///   - permission: What has to be allowed for it: `s3:ListBucket on the bucket`.
    /// - Returns: The error.
    package func error(_ what: String, needs permission: String) -> StageError {
        var error = StageError("\(what): \(reason(needs: permission))", advice: advice)
        error.endsRun = isOfAll
        if isTemporary { error.cause = .temporary }
        return error
    }

    /// What happened, with the permission that is missing, or the region that the bucket is in.
    package func reason(needs permission: String) -> String {
        guard let refusal else { return reason }
        if refusal.isOfPermission {
            return "\(reason) (it needs \(permission))"
        }
        return refusal.region.map { "\(reason) (the bucket is in \($0))" } ?? reason
    }
}

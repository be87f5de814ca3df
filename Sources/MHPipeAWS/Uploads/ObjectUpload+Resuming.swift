import MHPipeKit

/// What is on the server of an upload that an earlier run has begun.
extension ObjectUpload {
    /// Sees to it that the server has the parts.
    func checkParts(of upload: String) throws {
        var known: [Int: UploadedPart] = [:]
        var next: Int? = 0
        while let number = next {
            switch try target.wait({ target.bucket.listParts(of: upload, place.key, after: number, $0) }) {
            case .success(let response):
                let page = UploadedParts(response.body)
                known.merge(page?.parts ?? [:]) { $1 }
                next = page?.next
            case .failure(let failure):
                guard failure.refusal?.code == "NoSuchUpload" else {
                    throw failure.error(
                        "cannot go on with the upload of '\(place.url)'",
                        needs: "s3:ListMultipartUploadParts on it"
                    )
                }
                throw UploadWords.gone(place, "it was aborted since, by hand or by a rule of the bucket")
            }
        }
        for (number, part) in answers.parts where known[number]?.size != part.size || known[number]?.tag != part.tag {
            throw UploadWords.gone(place, "its part \(number) is not as that run has sent it")
        }
    }

    /// True for an object that this writer has put in its place before.
    func isOurs() throws -> Bool {
        let ending = UploadEnding(place, mark, size: size, in: target, abortCommand)
        switch try target.wait({ ending.isInPlace($0) }) {
        case .success(let isThere): return isThere
        case .failure(let failure):
            // Whoever may write need not be one who may read; and what has another key of the customer, or none, is not ours,
            // of which an answer to HEAD says no more than 400.
            if failure.refusal?.code == "AccessDenied" || failure.refusal?.status == 400 { return false }
            throw UploadWords.failure(failure, of: place)
        }
    }
}

import MHPipeKit

/// What a server has said of the parts of one upload; any thread may add to it.
final class PartAnswers: Sendable {
    private struct State {
        var parts: [Int: UploadedPart] = [:]
        var failure: AWSFailure?
    }

    private let state = Locked(State())

    /// The parts that it has, by their numbers.
    var parts: [Int: UploadedPart] { state.withLock { $0.parts } }

    /// Why it does not have one of them.
    var failure: AWSFailure? { state.withLock { $0.failure } }

    /// Takes over what an earlier run was told.
    func add(_ parts: [UploadedPart]) {
        state.withLock { state in
            for (index, part) in parts.enumerated() { state.parts[index + 1] = part }
        }
    }

    /// Takes what came of a part.
    func add(_ result: Result<HTTPResponse, AWSFailure>, part number: Int, size: Int) {
        state.withLock { state in
            switch result {
            case .success(let response):
                let checksum = response["x-amz-checksum-sha256"]
                state.parts[number] = UploadedPart(size: size, etag: response["etag"] ?? "", checksum: checksum)
            case .failure(let failure): state.failure = state.failure ?? failure
            }
        }
    }
}

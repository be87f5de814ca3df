package import MHPipeKit

/// A queue of SQS, asked in its JSON protocol; any thread may call it.
package final class MessageQueue: Sendable {
    /// A message that a call for several did not do what was asked for.
    package struct Refusal: Sendable {
        package var handle: String
        package var code: String
        package var message: String

        /// True when the same call may succeed a little later.
        package var mayPass: Bool {
            AWSRefusal.passing.contains(code) || code == "InternalFailure" || code == Self.notAnswered
        }

        /// In the place of a code, of a message that the answer does not speak of.
        static let notAnswered = "NotAnswered"
    }

    package typealias Completion<Value> = @Sendable (Result<Value, AWSFailure>) -> Void

    package let address: QueueAddress
    /// The region that requests are signed for.
    package let region: String
    private let caller: AWSCaller
    private let endpoint: AWSEndpoint

    /// A call takes so many messages at most.
    package static let mostAtOnce = 10
    /// A message has 1 MiB at most, and about three times that where all of it is escaped.
    private static let mostReceived = mostAtOnce * (1 << 20) * 3 + (2 << 20)

    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(_ address: QueueAddress, _ connection: AWSConnection) throws {
        self.address = address
        caller = connection.caller
        region = address.region ?? connection.configuration.region ?? "us-east-1"
        endpoint = try connection.configuration.ownEndpoint(of: "sqs") ?? address.endpoint
    }

    /// Asks for messages.
    ///
    /// - Parameters:
    ///   - wait: How many seconds the queue waits for one to come, up to 20.
    ///   - visibility: For how many seconds nobody else is given them.
    ///   - completion: Called once, on the caller's queue; with nothing when the queue is empty.
    package func receive(wait: Int, visibility: Int, _ completion: @escaping Completion<[QueueMessage]>) {
        let body = """
            {"QueueUrl":\(JSONText.quoted(address.url)),"MaxNumberOfMessages":\(Self.mostAtOnce),"WaitTimeSeconds":\(wait),\
            "VisibilityTimeout":\(visibility),"AttributeNames":["ApproximateReceiveCount"],\
            "MessageSystemAttributeNames":["ApproximateReceiveCount"]}
            """
        call("ReceiveMessage", body, mostBytes: Self.mostReceived, stallTimeout: .seconds(wait + 20)) { answer in
            completion(
                answer.flatMap { answer in
                    let elements = answer["Messages"]?.elements ?? []
                    let messages = elements.compactMap(Self.message)
                    return messages.count == elements.count
                        ? .success(messages) : .failure(self.mismatch("a message without body or receipt handle"))
                }
            )
        }
    }

    private static func message(_ value: JSONValue) -> QueueMessage? {
        guard let body = value["Body"]?.string, let handle = value["ReceiptHandle"]?.string else { return nil }
        let receives = value["Attributes"]?["ApproximateReceiveCount"]?.string.flatMap { Int($0) } ?? 1
        return QueueMessage(id: value["MessageId"]?.string ?? handle, handle: handle, body: body, receives: receives)
    }

    /// Deletes messages, `mostAtOnce` at most.
    package func delete(_ handles: [String], _ completion: @escaping Completion<[Refusal]>) {
        batch("DeleteMessageBatch", handles, "", completion)
    }

    /// Has nobody else given messages for some seconds from now, or gives them back with 0; `mostAtOnce` at most.
    package func setVisibility(_ handles: [String], _ seconds: Int, _ completion: @escaping Completion<[Refusal]>) {
        batch("ChangeMessageVisibilityBatch", handles, ",\"VisibilityTimeout\":\(seconds)", completion)
    }

    private func batch(
        _ action: String,
        _ handles: [String],
        _ more: String,
        _ completion: @escaping Completion<[Refusal]>
    ) {
        let entries = handles.enumerated().map { number, handle in
            "{\"Id\":\"m\(number)\",\"ReceiptHandle\":\(JSONText.quoted(handle))\(more)}"
        }
        let body = "{\"QueueUrl\":\(JSONText.quoted(address.url)),\"Entries\":[\(entries.joined(separator: ","))]}"
        call(action, body) { answer in
            completion(
                answer.map { answer in
                    let done = Set((answer["Successful"]?.elements ?? []).compactMap { $0["Id"]?.string })
                    return handles.indices.filter { !done.contains("m\($0)") }.map { number in
                        let failed = answer["Failed"]?.elements.first { $0["Id"]?.string == "m\(number)" }
                        return Refusal(
                            handle: handles[number],
                            code: failed.map { $0["Code"]?.string ?? "" } ?? Refusal.notAnswered,
                            message: failed.map { AWSRefusal.withoutSecrets($0["Message"]?.string ?? "") }
                                ?? "the answer does not say what became of it"
                        )
                    }
                }
            )
        }
    }

    /// Asks for how many seconds nobody else is given a message unless a call says otherwise.
    package func visibility(_ completion: @escaping Completion<Int>) {
        let body = "{\"QueueUrl\":\(JSONText.quoted(address.url)),\"AttributeNames\":[\"VisibilityTimeout\"]}"
        call("GetQueueAttributes", body) { answer in
            completion(
                answer.flatMap { answer in
                    (answer["Attributes"]?["VisibilityTimeout"]?.string).flatMap { Int($0) }.map(Result.success)
                        ?? .failure(self.mismatch("the answer names no VisibilityTimeout"))
                }
            )
        }
    }

    private func call(
        _ action: String,
        _ body: String,
        mostBytes: Int? = nil,
        stallTimeout: Duration? = nil,
        _ completion: @escaping @Sendable (Result<JSONValue, AWSFailure>) -> Void
    ) {
        let headers = [("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AmazonSQS.\(action)")]
        var request = AWSRequest("POST", endpoint, headers: headers, body: Array(body.utf8), scope: nil)
        request.scope = SigningScope(service: "sqs", region: region)
        request.stallTimeout = stallTimeout
        if let mostBytes { request.mostBytes = mostBytes }
        caller.call(request, isWhole: { Self.json($0) != nil }) { result in
            completion(result.flatMap { Self.json($0).map(Result.success) ?? .failure(self.mismatch("no JSON")) })
        }
    }

    private static func json(_ response: HTTPResponse) -> JSONValue? {
        // Some servers say nothing where there is nothing to say.
        StrictJSON.object(response.body.isEmpty ? Array("{}".utf8) : response.body)
    }

    private func mismatch(_ what: String) -> AWSFailure {
        AWSFailure(cause: .mismatch("the answer is not that of a queue: \(what)"), host: endpoint.host)
    }

    /// A failure in the words that the user reads.
    ///
    /// - Parameters:
    ///   - failure: What happened.
    ///   - what: What could not be done: `cannot read from`.
    ///   - permission: What has to be allowed for it: `sqs:ReceiveMessage`.
    /// - Returns: The error, which ends the run.
    package func error(_ failure: AWSFailure, _ what: String, needs permission: String) -> StageError {
        var error = failure.error("\(what) queue '\(address.name)'", needs: "\(permission) on it")
        error.endsRun = true
        switch failure.refusal?.code {
        case "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue":
            error.advice =
                "there is no queue '\(address.name)' of account \(address.account) in \(region): look at the address, which "
                + "`aws sqs get-queue-url --queue-name \(address.name)` prints"
        case "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidClientTokenId", "IncompleteSignature":
            if failure.refusal?.message.contains("scoped to") == true {
                error.advice =
                    "requests are signed for region \(region)"
                    + (address.region == nil ? ", which `region` or AWS_REGION say" : ", which the address says")
            }
        default: break
        }
        return error
    }
}

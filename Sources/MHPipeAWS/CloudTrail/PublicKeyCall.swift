package import MHPipeKit

/// `ListPublicKeys` of CloudTrail: the keys that digest files of a region were signed with.
package struct PublicKeyCall: Sendable {
    private let connection: AWSConnection
    private let ownEndpoint: AWSEndpoint?

    /// Fails where nobody can be asked: without credentials, and where the bucket is on a server of one's own and nothing says where
    /// CloudTrail is.
    ///
    /// - Parameter connection: How AWS is reached.
    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init?(_ connection: AWSConnection) throws {
        let configuration = connection.configuration
        self.connection = connection
        ownEndpoint = try configuration.ownEndpoint(of: "cloudtrail")
        let isOwnServer = try configuration.options.endpoint != nil || configuration.ownEndpoint(of: "s3") != nil
        guard configuration.options.signs, ownEndpoint != nil || !isOwnServer else { return nil }
    }

    /// Asks for the keys that were valid in a time.
    ///
    /// - Parameters:
    ///   - region: The region of the digest files.
    ///   - time: When they were signed.
    /// - Returns: The answers, one for each page, in the form that `aws cloudtrail list-public-keys` prints.
    /// - Throws: `AWSFailure`.
    package func list(_ region: String, _ time: Range<Timestamp>) throws(AWSFailure) -> [[UInt8]] {
        var pages: [[UInt8]] = []
        var token: String?
        repeat {
            let response = try page(region, time, token)
            guard let answer = JSONValue(parsing: response.body),
                answer["PublicKeyList"]?.kind == .array
            else { throw AWSFailure(cause: .mismatch("the answer holds no public keys"), host: host(region)) }
            pages.append(response.body)
            let next = answer["NextToken"]?.string
            guard next == nil || next != token else {
                throw AWSFailure(cause: .mismatch("a page of keys names itself as the next one"), host: host(region))
            }
            token = next
        } while token != nil
        return pages
    }

    private func endpoint(_ region: String) -> AWSEndpoint {
        ownEndpoint ?? connection.configuration.usualEndpoint(of: "cloudtrail", region)
    }

    private func host(_ region: String) -> String { endpoint(region).host }

    private func page(_ region: String, _ time: Range<Timestamp>, _ token: String?) throws(AWSFailure) -> HTTPResponse {
        let more = token.map { ",\"NextToken\":\(JSONText.quoted($0))" } ?? ""
        let times = "\"StartTime\":\(time.lowerBound.seconds),\"EndTime\":\(time.upperBound.seconds)"
        let request = AWSRequest(
            "POST",
            endpoint(region),
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys"),
            ],
            body: Array("{\(times)\(more)}".utf8),
            scope: SigningScope(service: "cloudtrail", region: region)
        )
        return try connection.caller.call(request)
    }
}

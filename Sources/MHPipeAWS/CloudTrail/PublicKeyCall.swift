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
        // It becomes a part of the host's name, and whoever can write to the bucket may have made it up: keys are AWS's alone.
        guard Self.isRegion(region) else {
            throw AWSFailure(cause: .mismatch("that is no name such as a region has"), host: "cloudtrail")
        }
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

    /// True for a name such as `us-east-1` or `us-gov-west-1`, also of a region that is not known yet.
    static func isRegion(_ name: String) -> Bool {
        let words = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard 3...5 ~= words.count, name.utf8.count <= 32, let number = words.last, 1...2 ~= number.count else {
            return false
        }
        return number.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            && words.dropLast().allSatisfy { word in
                !word.isEmpty && word.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
            }
    }

    private func endpoint(_ region: String) -> AWSEndpoint {
        ownEndpoint ?? connection.configuration.usualEndpoint(of: "cloudtrail", region)
    }

    private func host(_ region: String) -> String { endpoint(region).host }

    private func page(_ region: String, _ time: Range<Timestamp>, _ token: String?) throws(AWSFailure) -> HTTPResponse {
        let more = token.map { ",\"NextToken\":\(JSONText.quoted($0))" } ?? ""
        let times = "\"StartTime\":\(time.lowerBound.seconds),\"EndTime\":\(time.upperBound.seconds)"
        var request = AWSRequest(
            "POST",
            endpoint(region),
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys"),
            ],
            body: Array("{\(times)\(more)}".utf8),
            scope: SigningScope(service: "cloudtrail", region: region)
        )
        // A region that is not there has no host; that is not to be asked for half a minute.
        request.mostAttempts = 7
        return try connection.caller.call(request)
    }
}

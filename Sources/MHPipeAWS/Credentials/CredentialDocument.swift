import MHPipeKit

/// The JSON in which programs, containers and instances hand out credentials.
enum CredentialDocument {
    /// - Parameters:
    ///   - bytes: The document.
    ///   - origin: Where it is from.
    /// - Returns: The credentials in it.
    /// - Throws: `StageError` when there are none, which does not show what is there.
    static func credentials(_ bytes: [UInt8], _ origin: String) throws -> AWSCredentials {
        guard let document = StrictJSON.object(bytes) else { throw StageError("\(origin) gives no JSON object") }
        if let version = document["Version"]?.int, version != 1 {
            throw StageError("\(origin) gives credentials of version \(version), and only 1 is known")
        }
        guard let accessKey = document["AccessKeyId"]?.string, let secretKey = document["SecretAccessKey"]?.string
        else {
            let code = document["Code"]?.string.map { " (\($0))" } ?? ""
            throw StageError("\(origin) gives no AccessKeyId and SecretAccessKey\(code)")
        }
        let expires = document["Expiration"]?.string
        let time = expires.flatMap { Timestamp(rfc3339: $0) }
        guard expires == nil || time != nil else { throw StageError("\(origin) gives an Expiration that is no time") }
        if let time, time <= .now { throw StageError("\(origin) gives credentials that have ended at \(time)") }
        return AWSCredentials(
            accessKey: accessKey,
            secretKey: secretKey,
            sessionToken: (document["SessionToken"] ?? document["Token"])?.string,
            expires: time,
            origin: origin
        )
    }
}

import MHPipeKit

/// Whom a call of IAM or STS was about, and the access key that a call gave out.
///
/// One instance serves all events of a transform, so that its memory is used again.
struct CallTarget {
    private(set) var user = JSONSlice.missing
    private(set) var role = JSONSlice.missing
    private(set) var group = JSONSlice.missing
    /// The key's id, whichever service gave it out.
    private(set) var issuedKey = JSONSlice.missing

    private var request = RequestParameters()
    private var response = RequestParameters()
    private var nested = RequestParameters()

    /// Takes another event.
    ///
    /// - Parameters:
    ///   - source: Its `eventSource`.
    ///   - action: Its `eventName`.
    ///   - requestPosition: The index position of `requestParameters`; 0 for a record without.
    ///   - responsePosition: That of `responseElements`.
    ///   - reader: Reads the batch.
    mutating func read(
        _ source: JSONSlice,
        _ action: JSONSlice,
        _ requestPosition: Int,
        _ responsePosition: Int,
        _ reader: TextReader
    ) {
        (user, role, group, issuedKey) = (.missing, .missing, .missing, .missing)
        response.read(responsePosition, reader)
        issuedKey = answer("accessKeyId", of: "credentials", reader).or(answer("accessKeyId", of: "accessKey", reader))
        if source.equals("iam.amazonaws.com") {
            request.read(requestPosition, reader)
            user = asked("userName", reader).or(answer("userName", of: "user", reader))
                .or(answer("userName", of: "accessKey", reader))
            role = asked("roleName", reader).or(answer("roleName", of: "role", reader))
            group = asked("groupName", reader).or(answer("groupName", of: "group", reader))
        } else if source.equals("sts.amazonaws.com") {
            request.read(requestPosition, reader)
            role = asked("roleArn", reader).arnRoleName.or(answer("arn", of: "assumedRoleUser", reader).arnRoleName)
            if action.equals("GetFederationToken") { user = asked("name", reader) }
        }
    }

    private func asked(_ name: StaticString, _ reader: TextReader) -> JSONSlice {
        let position = request.position(name)
        return position == 0 ? .missing : reader.text(position).unlessHidden
    }

    private mutating func answer(_ name: StaticString, of object: StaticString, _ reader: TextReader) -> JSONSlice {
        nested.read(response.position(object), reader)
        let position = nested.position(name)
        return position == 0 ? .missing : reader.text(position).unlessHidden
    }
}

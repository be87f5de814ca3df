import MHPipeKit

/// Amazon Resource Names, read by their fields: `arn:partition:service:region:account:resource`.
///
/// Partition, region and account differ or are empty; the resource is what the rules look at (IAM User Guide, "IAM
/// identifiers").
extension JSONSlice {
    /// The sixth field and all that follows; missing when this is no ARN.
    var arnResource: JSONSlice {
        guard hasPrefix("arn:") else { return .missing }
        var fields = 1
        for position in unsafe 0..<bytes.count where unsafe bytes[position] == UInt8(ascii: ":") {
            fields += 1
            if fields == 6 { return dropFirst(position + 1) }
        }
        return .missing
    }

    /// The role's name in the ARN of a role or of a session of one.
    ///
    /// STS leaves the role's path out (`assumed-role/NAME/SESSION`), IAM has it before the name (`role/PATH/NAME`).
    var arnRoleName: JSONSlice {
        let resource = arnResource
        if resource.hasPrefix("assumed-role/") {
            return resource.dropFirst("assumed-role/".utf8.count).upTo(UInt8(ascii: "/"))
        }
        return resource.hasPrefix("role/") ? resource.afterLast(UInt8(ascii: "/")) : .missing
    }

    /// The session's name in the ARN of a session of a role: `.../assumed-role/ROLE/SESSION`, and no other form.
    ///
    /// Some records lack the session, and what stands last there is the role.
    var arnRoleSession: JSONSlice {
        let slash = UInt8(ascii: "/")
        guard upTo(slash).hasSuffix("assumed-role") else { return .missing }
        let session = afterFirst(slash).afterFirst(slash)
        return unsafe session.bytes.contains(slash) ? .missing : session
    }

    /// The service that a service-linked role belongs to: `arn:aws:iam::1:role/aws-service-role/SERVICE/NAME`.
    ///
    /// Nil for any other ARN; missing when the role is service-linked and its service is empty.
    var linkedRoleService: JSONSlice? {
        let path: StaticString = ":role/aws-service-role/"
        let length = path.utf8CodeUnitCount
        guard let base = unsafe bytes.baseAddress, unsafe bytes.count >= length else { return nil }
        for start in unsafe 0...(bytes.count - length) where unsafe base[start] == UInt8(ascii: ":") {
            if unsafe equalBytes(base + start, path.utf8Start, length) {
                return dropFirst(start + length).upTo(UInt8(ascii: "/"))
            }
        }
        return nil
    }
}

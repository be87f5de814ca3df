import MHPipeKit

/// The names that a `userIdentity` gives for its caller, once the kind of caller is known.
struct IdentityNames {
    /// The role's name; kind `role` only.
    var role = JSONSlice.missing
    /// The session's name; kinds `role` and `federated_user` only.
    var session = JSONSlice.missing
    /// The ARN of what the session was made from; the same two kinds.
    var issuerARN = JSONSlice.missing
    /// `invokedBy`, or the service of a service-linked role.
    var service = JSONSlice.missing
    /// The name that a person would use; missing for root, whose name is a literal.
    var actor = JSONSlice.missing

    init(_ identity: UserIdentity, _ kind: IdentityVerdict.Kind) {
        let issuerName = identity.session.issuerName.unlessHidden
        if kind == .role {
            let issuer = identity.session.issuerType
            let isIssuedByRole = !issuer.isPresent || issuer.equals("Role")
            role = (isIssuedByRole ? issuerName : .missing).or(identity.arn.arnRoleName)
        }
        if kind == .role || kind == .federatedUser {
            let named = kind == .role ? identity.arn.arnRoleSession : identity.arn.afterLast(UInt8(ascii: "/"))
            session = named.or(identity.principalId.afterFirst(UInt8(ascii: ":")))
            issuerARN = identity.session.issuerARN
        }
        service = Self.service(identity)
        actor = name(identity, kind, issuerName).or(service).or(identity.account)
    }

    /// `AWS Internal` says only that it was some service, so a service-linked role knows better.
    private static func service(_ identity: UserIdentity) -> JSONSlice {
        let invokedBy = identity.invokedBy
        guard !invokedBy.isPresent || invokedBy.equals("AWS Internal") else { return invokedBy }
        return (identity.session.linkedRoleService ?? .missing).or(invokedBy)
    }

    private func name(_ identity: UserIdentity, _ kind: IdentityVerdict.Kind, _ issuerName: JSONSlice) -> JSONSlice {
        let userName = identity.userName.unlessHidden
        switch kind {
        case .root: return .missing
        case .iamUser: return userName.or(identity.arn.afterLast(UInt8(ascii: "/")))
        case .role:
            // Roles of IAM Identity Center carry the name of a permission set; the person is in the session.
            let person = role.hasPrefix("AWSReservedSSO_") ? session : .missing
            return person.or(role).or(userName).or(session)
        case .federatedUser: return session.or(issuerName)
        case .identityCenter: return userName.or(identity.onBehalfOfUser)
        case .crossAccount:
            // Of a role of another account the id alone tells the session.
            let isRole = identity.principalId.hasPrefix("AROA")
            return userName.or(isRole ? identity.principalId.afterFirst(UInt8(ascii: ":")) : .missing)
        case .federatedSignIn, .service, .unknown: return userName
        }
    }
}

extension JSONSlice {
    /// The name, unless CloudTrail withheld it: after a failed sign-in it may be a password typed into the wrong field.
    var unlessHidden: JSONSlice {
        equals("HIDDEN_DUE_TO_SECURITY_REASONS") ? .missing : self
    }
}

import MHPipeKit

/// What kind of caller made a request, and which field says so.
///
/// AWS names three questions to ask of `userIdentity` (Migration Hub User Guide, "Logging API calls with AWS
/// CloudTrail"): was the request made with root or IAM user credentials, with temporary credentials for a role or a
/// federated user, by another AWS service? They are answered apart, since more than one may be true: a role that is
/// used through a service answers the second and the third. `type` decides where there is one; ids and keys only say
/// something where `type` is missing or `AWSAccount`, for published records show every prefix under every type.
struct IdentityVerdict {
    enum Kind: CaseIterable {
        case root, iamUser, role, federatedUser, federatedSignIn, identityCenter, service, crossAccount, unknown
    }

    enum Basis: CaseIterable {
        case type, onBehalfOf, sessionIssuer, arn, principalId, accessKeyId, eventType, invokedBy, none
    }

    var kind: Kind
    var basis: Basis
    var rootOrUser: Bool
    /// The second question, which root and IAM users answer with no even when their own credentials are temporary.
    var temporaryCredentials: Bool
    var byService: Bool

    private init(_ kind: Kind, _ basis: Basis) {
        self.kind = kind
        self.basis = basis
        rootOrUser = kind == .root || kind == .iamUser
        temporaryCredentials = kind == .role || kind == .federatedUser
        byService = false
    }

    /// Decides for a record.
    ///
    /// - Parameters:
    ///   - identity: Its `userIdentity`; an empty one when it has none.
    ///   - isServiceEvent: Whether its `eventType` is `AwsServiceEvent`; asked only where it matters.
    init(_ identity: UserIdentity, isServiceEvent: () -> Bool) {
        let isLinkedRole = identity.session.linkedRoleService != nil
        if identity.type.isPresent {
            self = Self.byType(identity)
            byService = identity.invokedBy.isPresent || isLinkedRole || identity.type.equals("AWSService")
        } else {
            let isServiceEvent = isServiceEvent()
            self = Self.withoutType(identity, isServiceEvent: isServiceEvent, isLinkedRole: isLinkedRole)
            byService = identity.invokedBy.isPresent || isServiceEvent || isLinkedRole
        }
    }

    private static func byType(_ identity: UserIdentity) -> IdentityVerdict {
        let type = identity.type
        switch unsafe type.bytes.count {
        case 4 where type.equals("Root"): return IdentityVerdict(.root, .type)
        case 4 where type.equals("Role"): return IdentityVerdict(.role, .type)
        case 7 where type.equals("IAMUser"): return IdentityVerdict(.iamUser, .type)
        case 7 where type.equals("Unknown") && identity.isOnBehalfOf:
            return IdentityVerdict(.identityCenter, .onBehalfOf)
        case 8 where type.equals("SAMLUser"): return IdentityVerdict(.federatedSignIn, .type)
        case 10 where type.equals("AWSService"): return IdentityVerdict(.service, .type)
        case 10 where type.equals("AWSAccount"): return otherAccount(identity)
        case 11 where type.equals("AssumedRole"): return IdentityVerdict(.role, .type)
        case 13 where type.equals("FederatedUser"): return IdentityVerdict(.federatedUser, .type)
        case 15 where type.equals("WebIdentityUser"): return IdentityVerdict(.federatedSignIn, .type)
        case 18 where type.equals("IdentityCenterUser"): return IdentityVerdict(.identityCenter, .type)
        default: return IdentityVerdict(.unknown, .type)
        }
    }

    /// A caller of another account, of whom the record tells little more than the principal's id.
    private static func otherAccount(_ identity: UserIdentity) -> IdentityVerdict {
        var verdict = IdentityVerdict(.crossAccount, .type)
        verdict.rootOrUser = identity.principalId.hasPrefix("AIDA")
        verdict.temporaryCredentials = identity.principalId.hasPrefix("AROA")
        if verdict.rootOrUser || verdict.temporaryCredentials { verdict.basis = .principalId }
        return verdict
    }

    private static func withoutType(
        _ identity: UserIdentity,
        isServiceEvent: Bool,
        isLinkedRole: Bool
    ) -> IdentityVerdict {
        if identity.isOnBehalfOf { return IdentityVerdict(.identityCenter, .onBehalfOf) }

        let issuer = identity.session.issuerType
        if issuer.equals("Role") { return IdentityVerdict(.role, .sessionIssuer) }
        if issuer.equals("Root") || issuer.equals("IAMUser") { return IdentityVerdict(.federatedUser, .sessionIssuer) }

        let resource = identity.arn.arnResource
        if resource.equals("root") { return IdentityVerdict(.root, .arn) }
        if resource.hasPrefix("user/") { return IdentityVerdict(.iamUser, .arn) }
        if resource.hasPrefix("assumed-role/") { return IdentityVerdict(.role, .arn) }
        if resource.hasPrefix("federated-user/") { return IdentityVerdict(.federatedUser, .arn) }

        if identity.principalId.hasPrefix("AIDA") { return IdentityVerdict(.iamUser, .principalId) }
        if identity.principalId.hasPrefix("AROA") { return IdentityVerdict(.role, .principalId) }
        if identity.accessKeyId.hasPrefix("AKIA") { return IdentityVerdict(.iamUser, .accessKeyId) }
        if identity.accessKeyId.hasPrefix("ASIA") { return IdentityVerdict(.role, .accessKeyId) }

        if identity.invokedBy.isPresent { return IdentityVerdict(.service, .invokedBy) }
        if isServiceEvent { return IdentityVerdict(.service, .eventType) }
        if isLinkedRole { return IdentityVerdict(.service, .sessionIssuer) }
        return IdentityVerdict(.unknown, .none)
    }
}

import MHPipeKit

/// The keys that the identity rules read: those inside `userIdentity`, at any level, and of what else tells of a caller.
enum IdentityKey {
    case type, userName, principalId, arn, accountId, accessKeyId, invokedBy, identityProvider
    case sessionContext, attributes, mfaAuthenticated, sessionIssuer, webIdFederationData, federatedProvider
    case sourceIdentity, onBehalfOf, userId, identityStoreArn, signInSessionArn
    case mfaUsed, signInName, mcpServerName

    /// Names a key by its bytes, escapes considered; nil for any other key.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        if let key = unsafe Self(plain: bytes) {
            self = key
        } else if let key = unsafe Self(escaped: bytes) {
            self = key
        } else {
            return nil
        }
    }

    private init?(escaped bytes: UnsafeBufferPointer<UInt8>) {
        guard unsafe JSONText.hasBackslash(bytes) else { return nil }
        guard let key = unsafe JSONText.normalized(bytes).withUnsafeBufferPointer({ unsafe Self(plain: $0) }) else {
            return nil
        }
        self = key
    }

    @inline(__always)
    private init?(plain bytes: UnsafeBufferPointer<UInt8>) {
        let key = unsafe JSONSlice(kind: .string, bytes: bytes)
        switch bytes.count {
        case 3 where key.equals("arn"): self = .arn
        case 4 where key.equals("type"): self = .type
        case 6 where key.equals("userId"): self = .userId
        case 7 where key.equals("MFAUsed"): self = .mfaUsed
        case 8 where key.equals("userName"): self = .userName
        case 8 where key.equals("UserName"): self = .signInName
        case 9 where key.equals("accountId"): self = .accountId
        case 9 where key.equals("invokedBy"): self = .invokedBy
        case 10 where key.equals("attributes"): self = .attributes
        case 10 where key.equals("onBehalfOf"): self = .onBehalfOf
        case 11 where key.equals("principalId"): self = .principalId
        case 11 where key.equals("accessKeyId"): self = .accessKeyId
        case 13 where key.equals("sessionIssuer"): self = .sessionIssuer
        case 13 where key.equals("mcpServerName"): self = .mcpServerName
        case 14 where key.equals("sessionContext"): self = .sessionContext
        case 14 where key.equals("sourceIdentity"): self = .sourceIdentity
        case 16 where key.equals("mfaAuthenticated"): self = .mfaAuthenticated
        case 16 where key.equals("identityProvider"): self = .identityProvider
        case 16 where key.equals("identityStoreArn"): self = .identityStoreArn
        case 16 where key.equals("signInSessionArn"): self = .signInSessionArn
        case 17 where key.equals("federatedProvider"): self = .federatedProvider
        case 19 where key.equals("webIdFederationData"): self = .webIdFederationData
        default: return nil
        }
    }
}

import MHPipeKit

/// What the identity rules read of a record's `userIdentity`, found in one walk.
///
/// One instance serves all events of a transform: it is too large to be handed around for each of them.
///
/// Where a key is repeated the last one counts, also when its value is of no use: a later `"userName": ""` takes an
/// earlier name away, a later `sessionContext` takes away all of an earlier one.
struct UserIdentity {
    /// `userIdentity.sessionContext`.
    struct Session {
        var issuerType = JSONSlice.missing
        var issuerName = JSONSlice.missing
        var issuerARN = JSONSlice.missing
        /// The service of the service-linked role that issued the session; nil when it is none.
        var linkedRoleService: JSONSlice?
        var federatedProvider = JSONSlice.missing
        var sourceIdentity = JSONSlice.missing
        /// The sign-in session under which the call was made.
        var signInSession = JSONSlice.missing
        var mfa: Bool?
    }

    var type = JSONSlice.missing
    var userName = JSONSlice.missing
    var principalId = JSONSlice.missing
    var arn = JSONSlice.missing
    var account = JSONSlice.missing
    var accessKeyId = JSONSlice.missing
    var invokedBy = JSONSlice.missing
    var identityProvider = JSONSlice.missing
    /// True when `onBehalfOf` is an object, whatever it holds.
    var isOnBehalfOf = false
    var onBehalfOfUser = JSONSlice.missing
    /// The identity store in which the user's id is unique.
    var identityStore = JSONSlice.missing
    var session = Session()

    /// Takes the object at a position, and forgets the one before.
    ///
    /// - Parameters:
    ///   - position: The index position of a record's `userIdentity`; 0 for a record without.
    ///   - reader: Reads the batch.
    /// - Returns: False when there is none, or it is no object.
    mutating func read(_ position: Int, _ reader: TextReader) -> Bool {
        self = UserIdentity()
        guard position > 0, reader.cursor.byte(at: position) == UInt8(ascii: "{") else { return false }
        _ = unsafe reader.cursor.members(of: position) { key, value in
            switch unsafe IdentityKey(key) {
            case .type: type = reader.text(value)
            case .userName: userName = reader.text(value)
            case .principalId: principalId = reader.text(value)
            case .arn: arn = reader.text(value)
            case .accountId: account = reader.text(value)
            case .accessKeyId: accessKeyId = reader.text(value)
            case .invokedBy: invokedBy = reader.text(value)
            case .identityProvider: identityProvider = reader.text(value)
            case .sessionContext: return readSession(value, reader)
            case .onBehalfOf: return readOnBehalfOf(value, reader)
            default: break
            }
            return reader.cursor.skip(value)
        }
        return true
    }

    /// Reads `onBehalfOf`; gives the position behind it.
    private mutating func readOnBehalfOf(_ position: Int, _ reader: TextReader) -> Int {
        isOnBehalfOf = reader.cursor.byte(at: position) == UInt8(ascii: "{")
        onBehalfOfUser = .missing
        identityStore = .missing
        return unsafe reader.cursor.members(of: position) { key, value in
            switch unsafe IdentityKey(key) {
            case .userId: onBehalfOfUser = reader.text(value)
            case .identityStoreArn: identityStore = reader.text(value)
            default: break
            }
            return reader.cursor.skip(value)
        }
    }

    /// Reads `sessionContext`; gives the position behind it.
    private mutating func readSession(_ position: Int, _ reader: TextReader) -> Int {
        session = Session()
        return unsafe reader.cursor.members(of: position) { key, value in
            switch unsafe IdentityKey(key) {
            case .sessionIssuer: return readIssuer(value, reader)
            case .attributes: return readAttributes(value, reader)
            case .webIdFederationData: return readFederation(value, reader)
            case .sourceIdentity: session.sourceIdentity = reader.text(value)
            case .signInSessionArn: session.signInSession = reader.text(value)
            default: break
            }
            return reader.cursor.skip(value)
        }
    }

    private mutating func readIssuer(_ position: Int, _ reader: TextReader) -> Int {
        session.issuerType = .missing
        session.issuerName = .missing
        session.issuerARN = .missing
        session.linkedRoleService = nil
        return unsafe reader.cursor.members(of: position) { key, value in
            switch unsafe IdentityKey(key) {
            case .type: session.issuerType = reader.text(value)
            case .userName: session.issuerName = reader.text(value)
            case .arn:
                session.issuerARN = reader.text(value)
                session.linkedRoleService = session.issuerARN.linkedRoleService
            default: break
            }
            return reader.cursor.skip(value)
        }
    }

    private mutating func readAttributes(_ position: Int, _ reader: TextReader) -> Int {
        session.mfa = nil
        return unsafe reader.cursor.members(of: position) { key, value in
            if unsafe IdentityKey(key) == .mfaAuthenticated { session.mfa = reader.cursor.slice(value).flag }
            return reader.cursor.skip(value)
        }
    }

    private mutating func readFederation(_ position: Int, _ reader: TextReader) -> Int {
        session.federatedProvider = .missing
        return unsafe reader.cursor.members(of: position) { key, value in
            if unsafe IdentityKey(key) == .federatedProvider { session.federatedProvider = reader.text(value) }
            return reader.cursor.skip(value)
        }
    }
}

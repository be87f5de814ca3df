import MHPipeKit

/// The fields of a record that other formats have places for.
enum RecordField: Int, CaseIterable, CodingKey {
    case eventVersion, eventTime, eventSource, eventName, awsRegion, sourceIPAddress, userAgent, errorCode, errorMessage
    case requestParameters, responseElements, additionalEventData, serviceEventDetails, requestID, eventID, readOnly
    case resources, eventType, apiVersion, managementEvent, recipientAccountId, sharedEventID, vpcEndpointId
    case eventCategory, sessionCredentialFromConsole, insightDetails, eventId, accountId

    case callerType, callerName, callerID, callerARN, callerAccount, callerKey, invokedBy, identityProvider
    case sessionCreated, sessionMFA, issuerType, issuerName, issuerID, issuerARN, issuerAccount
    case federatedProvider, onBehalfOfUser
    case mfaUsed, loginTo, mobileVersion, mfaIdentifier, tlsVersion, tlsCipher, tlsHost
    case shippedTime, windowStart, windowEnd, insightAction, insightSource

    case askedUser, askedNewUser, askedUsername, askedUserID, askedRole, askedGroup, askedGroupID, askedPolicyARN
    case askedPolicy, askedPolicyID, askedRoleARN, askedSession, askedProfile, askedDevice, askedName, askedDisplayName
    case askedAccountName, askedAccount, askedUnit, askedPermissionSet
    case madeUser, madeUserID, madeUserARN, madeRole, madeRoleID, madeRoleARN, madeGroup, madeGroupID, madeGroupARN
    case madePolicy, madePolicyARN, madeSessionARN, madeSessionID, madeKey, consoleLogin

    /// The place of the field in a record.
    var path: FieldPath {
        let keys = nested
        return keys.isEmpty ? FieldPath(stringValue) : FieldPath(keys: keys.split(separator: ".").map(String.init))
    }

    private var nested: String {
        switch self {
        case .callerType: "userIdentity.type"
        case .callerName: "userIdentity.userName"
        case .callerID: "userIdentity.principalId"
        case .callerARN: "userIdentity.arn"
        case .callerAccount: "userIdentity.accountId"
        case .callerKey: "userIdentity.accessKeyId"
        case .invokedBy: "userIdentity.invokedBy"
        case .identityProvider: "userIdentity.identityProvider"
        case .sessionCreated: "userIdentity.sessionContext.attributes.creationDate"
        case .sessionMFA: "userIdentity.sessionContext.attributes.mfaAuthenticated"
        case .issuerType: "userIdentity.sessionContext.sessionIssuer.type"
        case .issuerName: "userIdentity.sessionContext.sessionIssuer.userName"
        case .issuerID: "userIdentity.sessionContext.sessionIssuer.principalId"
        case .issuerARN: "userIdentity.sessionContext.sessionIssuer.arn"
        case .issuerAccount: "userIdentity.sessionContext.sessionIssuer.accountId"
        case .federatedProvider: "userIdentity.sessionContext.webIdFederationData.federatedProvider"
        case .onBehalfOfUser: "userIdentity.onBehalfOf.userId"
        case .mfaUsed: "additionalEventData.MFAUsed"
        case .loginTo: "additionalEventData.LoginTo"
        case .mobileVersion: "additionalEventData.MobileVersion"
        case .mfaIdentifier: "additionalEventData.MFAIdentifier"
        case .tlsVersion: "tlsDetails.tlsVersion"
        case .tlsCipher: "tlsDetails.cipherSuite"
        case .tlsHost: "tlsDetails.clientProvidedHostHeader"
        // What Logstash makes of `eventTime`.
        case .shippedTime: "@timestamp"
        case .windowStart: "timeWindow.windowStart"
        case .windowEnd: "timeWindow.windowEnd"
        case .insightAction: "insightDetails.eventName"
        case .insightSource: "insightDetails.eventSource"
        case .askedUser: "requestParameters.userName"
        case .askedNewUser: "requestParameters.newUserName"
        case .askedUsername: "requestParameters.username"
        case .askedUserID: "requestParameters.userId"
        case .askedRole: "requestParameters.roleName"
        case .askedGroup: "requestParameters.groupName"
        case .askedGroupID: "requestParameters.groupId"
        case .askedPolicyARN: "requestParameters.policyArn"
        case .askedPolicy: "requestParameters.policyName"
        case .askedPolicyID: "requestParameters.policyId"
        case .askedRoleARN: "requestParameters.roleArn"
        case .askedSession: "requestParameters.roleSessionName"
        case .askedProfile: "requestParameters.instanceProfileName"
        case .askedDevice: "requestParameters.virtualMFADeviceName"
        case .askedName: "requestParameters.name"
        case .askedDisplayName: "requestParameters.displayName"
        case .askedAccountName: "requestParameters.accountName"
        case .askedAccount: "requestParameters.accountId"
        case .askedUnit: "requestParameters.organizationalUnitId"
        case .askedPermissionSet: "requestParameters.permissionSetArn"
        case .madeUser: "responseElements.user.userName"
        case .madeUserID: "responseElements.user.userId"
        case .madeUserARN: "responseElements.user.arn"
        case .madeRole: "responseElements.role.roleName"
        case .madeRoleID: "responseElements.role.roleId"
        case .madeRoleARN: "responseElements.role.arn"
        case .madeGroup: "responseElements.group.groupName"
        case .madeGroupID: "responseElements.group.groupId"
        case .madeGroupARN: "responseElements.group.arn"
        case .madePolicy: "responseElements.policy.policyName"
        case .madePolicyARN: "responseElements.policy.arn"
        case .madeSessionARN: "responseElements.assumedRoleUser.arn"
        case .madeSessionID: "responseElements.assumedRoleUser.assumedRoleId"
        case .madeKey: "responseElements.credentials.accessKeyId"
        case .consoleLogin: "responseElements.ConsoleLogin"
        default: ""
        }
    }
}

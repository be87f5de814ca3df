import MHPipeBuiltins
import MHPipeKit
import MHPipePlan
import Testing

@testable import PipelineConfig

@Suite struct CloudTrailFieldsTests {
    /// The fields of published records, each once.
    static let published = """
        addendum.originalEventID addendum.originalRequestID addendum.originalUID addendum.reason addendum.updatedFields
        additionalEventData.MFAUsed apiVersion awsRegion errorCode errorMessage eventCategory
        eventContext.requestContext.conditionKeys.aws:SecureTransport eventContext.tagContext.resourceTags.0.arn
        eventID eventName eventSource eventTime eventType eventVersion
        insightDetails.eventName insightDetails.eventSource insightDetails.insightContext.attributions.0.attribute
        insightDetails.insightContext.attributions.0.baseline.0.average
        insightDetails.insightContext.attributions.0.insight.0.value
        insightDetails.insightContext.statistics.baseline.average
        insightDetails.insightContext.statistics.baselineDuration
        insightDetails.insightContext.statistics.insightDuration insightDetails.insightType insightDetails.state
        managementEvent readOnly recipientAccountId requestID requestParameters.bucketName
        resources.0.ARN resources.1.ARNPrefix resources.0.accountId resources.12.type responseElements.x-amz-id-2
        serviceEventDetails.keyId sessionCredentialFromConsole sharedEventID sourceIPAddress
        tlsDetails.cipherSuite tlsDetails.clientProvidedHostHeader tlsDetails.tlsVersion tlsDetails.keyExchange userAgent
        userIdentity.accessKeyId userIdentity.accountId userIdentity.arn userIdentity.credentialId
        userIdentity.identityProvider userIdentity.inScopeOf.credentialsIssuedTo userIdentity.inScopeOf.issuerType
        userIdentity.inScopeOf.sourceAccount userIdentity.inScopeOf.sourceArn userIdentity.invokedBy
        userIdentity.invokedByDelegate.accountId userIdentity.onBehalfOf.identityStoreArn userIdentity.onBehalfOf.userId
        userIdentity.principalId userIdentity.sessionContext.assumedRoot
        userIdentity.sessionContext.attributes.creationDate userIdentity.sessionContext.attributes.mfaAuthenticated
        userIdentity.sessionContext.attributes.sessionCredentialFromConsole userIdentity.sessionContext.ec2RoleDelivery
        userIdentity.sessionContext.sessionIssuer.accountId userIdentity.sessionContext.sessionIssuer.arn
        userIdentity.sessionContext.sessionIssuer.principalId userIdentity.sessionContext.sessionIssuer.type
        userIdentity.sessionContext.sessionIssuer.userName userIdentity.sessionContext.signInSessionArn
        userIdentity.sessionContext.sourceIdentity userIdentity.sessionContext.webIdFederationData.attributes.aud
        userIdentity.sessionContext.webIdFederationData.federatedProvider userIdentity.type userIdentity.userName
        vpcEndpointAccountId vpcEndpointId annotation edgeDeviceDetails.snowJobId mcpEventDetails.mcpServerName
        delegatedViaAWS eventId accountId timeWindow.windowStart summary.primaryDimension.statistics.0.value
        summary.details.0.dimension @timestamp
        """.split { $0 == " " || $0 == "\n" }.map(String.init)

    @Test(arguments: published)
    func `a published field is known`(_ path: String) throws {
        let keys = try FieldPath(parsing: path).keys
        guard case .found = FieldLookup(keys, among: CloudTrailFields.all) else {
            Issue.record("'\(path)' is not known")
            return
        }
    }

    @Test func `no key is there twice`() {
        func check(_ content: EventField.Content, _ path: String) {
            switch content {
            case .object(let fields):
                let keys = fields.map(\.key)
                #expect(Set(keys).count == keys.count, "below '\(path)'")
                for field in fields { check(field.content, path + "." + field.key) }
            case .list(let element): check(element, path + ".0")
            case .anything, .value, .text, .number, .boolean, .oneOf, .usually: break
            }
        }
        check(.object(CloudTrailFields.all), "")
    }

    @Test func `the fields that the scan knows are known here`() {
        for field in KnownField.allCases[...KnownField.allCases.firstIndex(of: .summary)!] {
            #expect(CloudTrailFields.all.contains { $0.key == field.key }, "\(field.key)")
        }
    }

    @Test func `whoever writes the default columns is told nothing`() throws {
        let columns = try #require(
            PluginRegistry.builtin.descriptions.first { $0.name == "csv" }?.options.first { $0.key == "columns" }
        )
        let text = """
            sources: {s: {type: file, path: "-"}}
            transforms: {who: {type: identity}, hub: {type: migration_hub}}
            sinks: {o: {type: csv, path: "-", columns: \(columns.defaultText)}}

            """
        let checked = PipelineFile.check(SourceText(name: "x", text: text), plugins: .builtin)
        #expect(checked.diagnostics.isEmpty)
        #expect(checked.plan != nil)
    }
}

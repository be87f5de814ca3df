extension CallTemplate {
    /// The versions of the record that trails of recent years hold.
    private static let versions = WeightedChoice([("1.08", 9), ("1.09", 4), ("1.10", 3), ("1.11", 3), ("1.05", 1)])

    /// Writes an event of this kind, its keys in the order in which CloudTrail writes them.
    func write(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        let caller = event.caller
        let version = Self.versions.pick(&random)
        let isOld = version == "1.05"
        let failure = failure(&random)
        text.add(#"{"eventVersion":""#, version, #"","userIdentity":"#)
        caller.writeIdentity(at: event.time.seconds, into: &text)
        text.add(#","eventTime":""#)
        event.time.writeISO(into: &text)
        text.add(#"","eventSource":""#, service, #".amazonaws.com","eventName":""#, name)
        text.add(#"","awsRegion":""#, event.region, #"","sourceIPAddress":""#)
        text.append(contentsOf: caller.address)
        text.add(#"","userAgent":""#)
        text.append(contentsOf: caller.agent)
        text.add(#"""#)
        if let failure {
            if !failure.code.isEmpty { text.add(#","errorCode":""#, failure.code, #"""#) }
            if let message = failure.message {
                text.add(#","errorMessage":""#)
                message.write(event, into: &text, &random)
                text.add(#"""#)
            }
        }
        let hidesRequest = failure?.isRefusal == true && service != "s3" && random.happens(750)
        text.add(#","requestParameters":"#)
        if hidesRequest { text.add("null") } else { request.write(event, into: &text, &random) }
        text.add(#","responseElements":"#)
        if failure != nil { text.add("null") } else { response.write(event, into: &text, &random) }
        write("additionalEventData", additional, event, into: &text, &random)
        if hasRequestID {
            text.add(#","requestID":""#)
            (service == "s3" ? CallValue.unique : .requestID).write(event, into: &text, &random)
            text.add(#"""#)
        }
        text.add(#","eventID":""#)
        event.writeUUID(from: 96, into: &text)
        text.add(#"","readOnly":"#, isReadOnly ? "true" : "false")
        write("resources", resources, event, into: &text, &random)
        text.add(#","eventType":""#, kind.rawValue, #"""#)
        if let apiVersion { text.add(#","apiVersion":""#, apiVersion, #"""#) }
        if !isOld { text.add(#","managementEvent":"#, isData ? "false" : "true") }
        text.add(#","recipientAccountId":""#, event.account.id, #"""#)
        write("serviceEventDetails", serviceDetails, event, into: &text, &random)
        if isShared { text.add(#","sharedEventID":""#, random.uuid(), #"""#) }
        if hasEndpoint && random.happens(600) || caller.isInstance && random.happens(250) {
            text.add(#","vpcEndpointId":""#, event.pick(2, event.account.endpoints), #"""#)
            if version == "1.11" { text.add(#","vpcEndpointAccountId":""#, event.account.id, #"""#) }
        }
        if !isOld { text.add(#","eventCategory":""#, isData ? "Data" : "Management", #"""#) }
        if caller.usesTLS, kind == .apiCall, !isOld, !caller.usesConsole { writeTLS(event, into: &text, &random) }
        if caller.usesConsole { text.add(#","sessionCredentialFromConsole":"true""#) }
        text.add("}")
    }

    private func failure(_ random: inout SyntheticRandom) -> CallFailure? {
        guard !failures.isEmpty else { return nil }
        var chance = random.below(1000)
        for failure in failures {
            chance -= failure.thousandths
            if chance < 0 { return failure }
        }
        return nil
    }

    private func write(
        _ key: StaticString,
        _ value: CallPattern?,
        _ event: SyntheticEvent,
        into text: inout [UInt8],
        _ random: inout SyntheticRandom
    ) {
        guard let value else { return }
        text.add(#",""#)
        key.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
        text.add(#"":"#)
        value.write(event, into: &text, &random)
    }

    private func writeTLS(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        let isNew = random.happens(500)
        let suite = isNew ? "TLS_AES_128_GCM_SHA256" : "ECDHE-RSA-AES128-GCM-SHA256"
        text.add(#","tlsDetails":{"tlsVersion":""#, isNew ? "TLSv1.3" : "TLSv1.2", #"","cipherSuite":""#, suite)
        text.add(#"","clientProvidedHostHeader":""#)
        if service == "s3" { text.add(event.bucket, ".") }
        text.add(service, ".", event.region, #".amazonaws.com"}"#)
    }
}

extension [UInt8] {
    fileprivate mutating func add(_ texts: String...) {
        for text in texts { append(contentsOf: text.utf8) }
    }
}

import MHPipeKit

extension CloudTrailFields {
    /// What other programs and schemas call fields of CloudTrail, without regard to case and what joins words.
    static let otherWords: [(path: [String], words: Set<String>)] = [
        (["eventTime"], ["time", "timestamp", "date", "datetime", "when", "createdat"]),
        (["eventName"], ["action", "operation", "api", "apicall", "call", "method", "eventaction", "apioperation"]),
        (["eventSource"], ["service", "source", "provider", "eventprovider", "awsservice", "servicename"]),
        (["awsRegion"], ["cloudregion", "location"]),
        (
            ["sourceIPAddress"],
            [
                "ip", "ipaddress", "sourceip", "srcip", "clientip", "clientipaddress", "remoteip", "remoteaddr",
                "address",
            ]
        ),
        (["userAgent"], ["agent", "useragentoriginal"]),
        (["errorCode"], ["error", "errcode", "errorname"]),
        (["errorMessage"], ["message", "errormsg", "errortext"]),
        (["recipientAccountId"], ["account", "accountid", "awsaccount", "awsaccountid", "cloudaccountid", "owner"]),
        (["eventID"], ["id", "uuid", "guid"]),
        (["requestParameters"], ["request", "params", "parameters", "requestparams"]),
        (["responseElements"], ["response", "result", "responseparameters"]),
        (["userIdentity", "arn"], ["user", "principal", "caller", "who", "userarn", "identityarn", "arn"]),
        (["userIdentity", "sessionContext", "attributes", "mfaAuthenticated"], ["mfa", "mfaused"]),
        (["userIdentity", "sessionContext", "sessionIssuer", "userName"], ["role", "rolename", "assumedrole"]),
    ]

    /// How AWS writes a text where that is sure: the name of a service, a region, the number of an account.
    ///
    /// - Returns: Another text; nil for one that is right as far as anybody can tell.
    static func spelling(of text: String, in field: FieldPath) -> String? {
        let meant: String?
        switch field.keys {
        case ["eventSource"]: meant = service(text.lowercased())
        case ["awsRegion"]: meant = region(text.lowercased())
        case ["recipientAccountId"], ["userIdentity", "accountId"]: meant = account(text)
        default: meant = nil
        }
        return meant == text ? nil : meant
    }

    /// Twelve digits, for those that are joined by something or have lost their zeros to a spreadsheet.
    private static func account(_ text: String) -> String? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard (9...12).contains(digits.count), text.allSatisfy({ digits.contains($0) || "- ".contains($0) }) else {
            return nil
        }
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static func service(_ text: String) -> String? {
        if text.hasSuffix(".amazonaws.com") { return text }
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
            return nil
        }
        // The name of Migration Hub's endpoint is not that of its events' source.
        return (text == "mgh" ? "migrationhub" : text) + ".amazonaws.com"
    }

    /// `us-east-1` for `us_east_1`, `us-east1` and `us-east-1a`.
    private static func region(_ text: String) -> String? {
        var parts = text.split { "-_ ".contains($0) }.map(String.init)
        guard let last = parts.popLast() else { return nil }
        let letters = last.prefix { $0.isLetter }
        let number = last.dropFirst(letters.count).prefix { $0.isNumber }
        let zone = last.dropFirst(letters.count + number.count)
        guard number.count == 1, zone.count <= 1, zone.allSatisfy(\.isLetter) else { return nil }
        parts += letters.isEmpty ? [] : [String(letters)]
        guard parts.count >= 2, parts[0].count == 2, parts.allSatisfy({ $0.allSatisfy(\.isLetter) }) else { return nil }
        return (parts + [String(number)]).joined(separator: "-")
    }
}

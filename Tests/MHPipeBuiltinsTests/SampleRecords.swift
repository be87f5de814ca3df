/// Records for tests of what sinks write.
enum SampleRecords {
    /// Records with everything that has ever broken a table.
    static let nasty: [String] = [
        "{}",
        #"{"eventTime":"2026-01-02T03:04:05Z","eventName":"CreateBucket","readOnly":false,"managementEvent":true}"#,
        #"{"eventName":"","errorCode":null,"userAgent":" leading","errorMessage":"trailing "}"#,
        #"{"eventName":"a,b","userAgent":"say \"hi\"","errorMessage":"line\nline","sourceIPAddress":"cr\rlf\n"}"#,
        #"{"eventName":"=1+1","userAgent":"+x","errorMessage":"-2","sourceIPAddress":"@a","errorCode":"\tz","requestID":"\rq"}"#,
        #"{"eventName":"=a,b","userAgent":"\u003d1","errorMessage":"= ","sourceIPAddress":"'=x","errorCode":"=\"q\""}"#,
        #"{"eventName":"nul\u0000byte","userAgent":"\u0000","errorMessage":"\ud83d\ude00 \ud800 \udc00x \ud800\ud800"}"#,
        #"{"eventName":"\ud800","userAgent":"\\n\/\b\f","errorMessage":"ünï – 日本 😀"}"#,
        #"{"recipientAccountId":"012345678901","userIdentity":{"accountId":"000000000001","userName":"123"}}"#,
        #"{"recipientAccountId":12345678901,"eventName":-5,"readOnly":"true","managementEvent":1.5}"#,
        #"{"x":12345678901234567890,"y":1e400,"z":-0,"eventVersion":1.10}"#,
        #"{"x":9223372036854775807,"y":-9223372036854775808,"z":9223372036854775808}"#,
        #"{"x":0.1,"y":1E5,"z":1732055997.346,"w":-1.5e-300,"v":1.0,"u":5e-324}"#,
        #"{"x":true,"y":false,"z":null,"w":"","v":"1.10","u":"0x10"}"#,
        #"{"requestParameters":"HIDDEN_DUE_TO_SECURITY_REASONS","responseElements":5,"additionalEventData":true}"#,
        #"{"requestParameters":"=1","responseElements":"","additionalEventData":null}"#,
        #"{"requestParameters":{"a":[1,{"b":"c,\"d\""}],"a":2},"responseElements":[],"additionalEventData":{}}"#,
        "{ \"requestParameters\" : { \"a b\" : [ 1 ,\n\t2 ] , \"c\" : \" \" } , \"x\" : [ ] , \"y\" : { } , \"z\" : [ 1 ] }",
        #"{"eventName":"first","eventName":"second","userIdentity":{"type":"A","type":"B"},"userIdentity":{"arn":"x"}}"#,
        #"{"userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"true"},"sessionIssuer":{"userName":"r"}}}}"#,
        #"{"userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":true}}}}"#,
        #"{"userIdentity":null,"resources":[{"ARN":"arn:aws:s3:::b","accountId":"1"},{"ARN":"second"}]}"#,
        #"{"userIdentity":"text","identity":{"kind":"own"},"migration":"own"}"#,
        #"{"\u0065ventName":"escaped key","user\u0049dentity":{"\u0061rn":"escaped"}}"#,
        "{\"x\":" + String(repeating: "[", count: 150) + String(repeating: "]", count: 150) + "}",
        #"{"errorMessage":""# + String(repeating: "long, \\\"text\\\" ", count: 5000) + #""}"#,
    ]

    /// Columns that the records above have something in, beside the default ones.
    static let columns = [
        "eventName", "x", "y", "z", "w", "v", "u", "userIdentity", "userIdentity.arn", "userIdentity.type", "resources",
        "resources.1.ARN", "requestParameters", "requestParameters.a", "responseElements", "additionalEventData",
        "identity", "identity.kind", "identity.mfa", "score", "readOnly", "nothing.at.all", "errorMessage", "userAgent",
        "recipientAccountId", "eventVersion", "managementEvent", "errorCode", "sourceIPAddress", "requestID",
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
    ]

    /// Random records that are the same in every run.
    static func random(_ count: Int, seed: UInt64) -> [String] {
        var generator = Generator(state: seed)
        return (0..<count).map { _ in generator.record() }
    }

    /// SplitMix64, and records made with it.
    private struct Generator {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((word ^ (word >> 31)) % UInt64(bound))
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }

        mutating func space() -> String { next(6) == 0 ? pick([" ", "\t", "\r\n", "\n  "]) : "" }

        mutating func record() -> String {
            let keys =
                SampleRecords.columns.map { String($0.prefix { $0 != "." }) } + ["eventTime", "zzz", "identity2"]
            return object(depth: 0) { $0.pick(keys) }
        }

        mutating func object(depth: Int, key: (inout Generator) -> String) -> String {
            var members: [String] = []
            for _ in 0..<next(depth == 0 ? 12 : 5) {
                let name = key(&self)
                let escaped = next(20) == 0 ? Self.escaped(name) : name
                members.append("\(space())\"\(escaped)\"\(space()):\(space())\(value(depth + 1))\(space())")
            }
            return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
        }

        /// A name whose first letter is written as an escape.
        static func escaped(_ name: String) -> String {
            guard let first = name.unicodeScalars.first else { return name }
            let digits = String(first.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits + name.dropFirst()
        }

        mutating func value(_ depth: Int) -> String {
            switch next(depth > 4 ? 6 : 9) {
            case 0: return pick(["true", "false", "null"])
            case 1:
                return pick(["0", "-1", "12", "1.50", "-0.0", "1e5", "2E-7", "123456789012345678901", "1e999", "7.0"])
            case 2...5: return "\"\(text())\""
            case 6:
                let elements = (0..<next(4)).map { _ in "\(space())\(value(depth + 1))\(space())" }
                return "[\(elements.joined(separator: ","))]"
            default:
                return object(depth: depth) { generator in
                    generator.pick([
                        "arn", "type", "a", "kind", "mfa", "ARN", "sessionContext", "attributes", "mfaAuthenticated",
                        "",
                    ])
                }
            }
        }

        mutating func text() -> String {
            let pieces = [
                "a", "Bc", ",", " ", "=", "+", "-", "@", "'", #"\""#, #"\\"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#,
                #"\u0041"#,
                #"\ud83d\ude00"#, #"\ud800"#, #"\udfff"#, "é", "日", "😀", "1", ".", "{", "]", ":", #"\/"#,
                "long text here",
            ]
            return (0..<next(7)).map { _ in pick(pieces) }.joined()
        }
    }
}

/// The parts of requests that are as long as a list happens to be; they make the few large events.
enum CallList {
    static let policies = [
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"#
            + #"\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"#,
        #"{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\",\n"#
            + #"            \"Action\": [\n                \"logs:CreateLogGroup\",\n                \"logs:PutLogEvents\"\n"#
            + #"            ],\n            \"Resource\": \"arn:aws:logs:*:*:*\"\n        }\n    ]\n}\n"#,
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"DenyInsecure\",\"Effect\":\"Deny\",\"Principal\":\"*\","#
            + #"\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::example\",\"arn:aws:s3:::example/*\"],"#
            + #"\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"#,
    ]

    static func writeRules(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        write(2 + event.number(5, below: 13), separator: ",", into: &text) { _ in
            let port = 1024 + random.below(58_000)
            return
                #"{"ipProtocol":"tcp","fromPort":\#(port),"toPort":\#(port),"groups":{},"ipRanges":{"items":[{"cidrIp":"#
                + #""\#(random.privateAddress())/32","description":"\#(random.pick(SyntheticNames.applications))"}]},"#
                + #""ipv6Ranges":{},"prefixListIds":{}}"#
        }
    }

    static func writeInstances(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        write(2 + event.number(5, below: 22), separator: ",", into: &text) { _ in
            #"{"instanceId":"i-0\#(random.hex(16))"}"#
        }
    }

    /// A template of CloudFormation, of 40 KB once in a while.
    static func writeTemplate(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        let choice = event.number(6, below: 256)
        write(choice < 240 ? 4 + choice / 6 : 60 + choice, separator: #"\n"#, into: &text) { number in
            #"  Res\#(number):\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: \"ami-0\#(random.hex(16))\"\n"#
                + #"      Tags:\n        - Key: Name\n          Value: \#(random.pick(SyntheticNames.applications))"#
        }
    }

    /// The parameters of a database cluster, of 110 KB once in a while: the largest events there are.
    static func writeParameters(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        let choice = event.number(6, below: 4096)
        write(choice < 4000 ? 8 + choice / 20 : 700, separator: ",", into: &text) { number in
            #"{"name":"param-\#(number)","value":"\#(random.hex(6))","description":"Controls how the "#
                + #"\#(random.pick(SyntheticNames.applications)) component of \#(random.pick(SyntheticNames.teams)) behaves; "#
                + #"valid values are 0-\#(number * 7)","dataType":"integer"}"#
        }
    }

    private static func write(
        _ count: Int,
        separator: StaticString,
        into text: inout [UInt8],
        _ element: (Int) -> String
    ) {
        for number in 0..<count {
            if number > 0 { separator.withUTF8Buffer { unsafe text.append(contentsOf: $0) } }
            text.append(contentsOf: element(number).utf8)
        }
    }
}

import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// What more than `userIdentity` says of a caller: sign-ins, agents, sessions of other accounts.
extension IdentityTransformTests {
    static let signIns =
        [
            // Of one identity the answer differs from record to record.
            ("Root", #""MFAUsed":"Yes""#, "true"), ("Root", #""MFAUsed":"no""#, "false"),
            ("IAMUser", #""MFAUsed":"No""#, "false"), ("IAMUser", #""MFAUsed":"YES""#, "true"),
            ("IAMUser", #""MFAUsed":"maybe""#, nil), ("IAMUser", #""MFAUsed":true"#, nil),
            ("IAMUser", #""MFAUsed":"Yes","MFAUsed":"""#, nil),
            ("IAMUser", #""MFAUsed":"","\u004dFAUsed":"Yes""#, "true"),
            ("AssumedRole", #""MFAUsed":"Yes""#, "true"), ("AssumedRole", #""MFAUsed":"No""#, nil),
            ("SAMLUser", #""MFAUsed":"no""#, nil), ("IAMUser", #""mfaUsed":"Yes""#, nil),
        ].map { (type: String, data: String, mfa: String?) in
            let kinds = [
                "Root": "root", "IAMUser": "iam_user", "AssumedRole": "role", "SAMLUser": "federated_sign_in",
            ]
            let kind = kinds[type] ?? type
            let isUser = kind == "root" || kind == "iam_user"
            return Case(
                "\(type) signs in with \(data)",
                #""userIdentity":{"type":"\#(type)"},"additionalEventData":{\#(data)}"#,
                head(kind, isUser, kind == "role", false, "type") + (kind == "root" ? #","actor":"root""# : "")
                    + (mfa.map { #","mfa":\#($0)"# } ?? "") + "}"
            )
        } + [
            Case(
                "what the session says of multi-factor wins",
                """
                "userIdentity":{"type":"IAMUser","sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},\
                "additionalEventData":{"MFAUsed":"Yes"}
                """,
                head("iam_user", true, false, false, "type") + #","mfa":false}"#
            ),
            Case(
                "root by its ARN is asked by nobody knows whom",
                #""userIdentity":{"arn":"arn:aws:iam::1:root"},"additionalEventData":{"MFAUsed":"No"}"#,
                head("root", true, false, false, "arn") + #","actor":"root"}"#
            ),
            Case(
                "without userIdentity there is nobody to ask",
                #""additionalEventData":{"MFAUsed":"Yes"},"mcpEventDetails":{"mcpServerName":"aws-mcp"}"#,
                head("unknown", false, false, false, "none") + "}"
            ),
            identityCenter("its name of the sign-in", "", #","additionalEventData":{"UserName":"alice"}"#, "alice"),
            identityCenter("a withheld name", "", #","additionalEventData":{"UserName":"\#(hidden)"}"#, "u-1"),
            identityCenter("no name", "", "", "u-1"),
            identityCenter(
                "its own name",
                #","userName":"amy""#,
                #","additionalEventData":{"UserName":"alice"}"#,
                "amy"
            ),
            identityCenter(
                "a withheld name of its own",
                #","userName":"\#(hidden)""#,
                #","additionalEventData":{"UserName":"alice"}"#,
                "alice"
            ),
            Case(
                "a name of the sign-in is for Identity Center users only",
                #""userIdentity":{"type":"IAMUser","accountId":"1"},"additionalEventData":{"UserName":"alice"}"#,
                head("iam_user", true, false, false, "type") + #","actor":"1","account":"1"}"#
            ),
        ]

    static let agents = [
        Case(
            "a call that AWS's MCP server makes for an agent",
            """
            "userIdentity":{"type":"AssumedRole","invokedBy":"aws-mcp.amazonaws.com",\
            "sessionContext":{"signInSessionArn":"arn:aws:signin:us-east-1:1:session/x"}}
            """,
            head("role", false, true, true, "type") + """
                ,"actor":"aws-mcp.amazonaws.com","service":"aws-mcp.amazonaws.com",\
                "signInSession":"arn:aws:signin:us-east-1:1:session/x","agent":"aws-mcp"}
                """
        ),
        Case(
            "the server's own name wins",
            """
            "userIdentity":{"type":"IAMUser","userName":"amy","invokedBy":"aws-mcp.amazonaws.com"},\
            "mcpEventDetails":{"sessionId":"s","mcpServerName":"mine"}
            """,
            head("iam_user", true, false, true, "type")
                + #","actor":"amy","service":"aws-mcp.amazonaws.com","agent":"mine"}"#
        ),
        Case(
            "an unnamed server",
            #""userIdentity":{"type":"IAMUser","userName":"amy"},"mcpEventDetails":{"sessionId":"s"}"#,
            head("iam_user", true, false, false, "type") + #","actor":"amy"}"#
        ),
        Case(
            "the last of repeated names counts, also when it is empty",
            """
            "userIdentity":{"type":"IAMUser","userName":"amy"},"mcpEventDetails":{"mcpServerName":"a","mcpServerName":""}
            """,
            head("iam_user", true, false, false, "type") + #","actor":"amy"}"#
        ),
    ]

    static let sessions = [
        ("assumed-role/Dev/s", "AROA1:p", "s"), ("assumed-role/Dev", "AROA1:p", "p"),
        ("assumed-role/Dev/", "AROA1:p", "p"),
        ("assumed-role/Dev/a/b", "AROA1:p", "p"), ("assumed-role/Dev", "AROA1", nil),
    ].map { (resource: String, principal: String, session: String?) in
        Case(
            "\(resource) of \(principal)",
            #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:\#(resource)","principalId":"\#(principal)"}"#,
            head("role", false, true, false, "type") + #","actor":"Dev","role":"Dev""#
                + (session.map { #","session":"\#($0)""# } ?? "") + #","principalId":"\#(principal)"}"#
        )
    }

    @Test func equalIdentitiesAreNotRememberedWithWhatTheirSignInsSaid() throws {
        let identities = [
            #"{"type":"IAMUser","userName":"amy","accountId":"1"}"#,
            #"{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u"}}"#,
        ]
        let rest: [(fields: String, mfa: String?, name: String?, agent: String?)] = [
            ("", nil, nil, nil),
            (#","additionalEventData":{"MFAUsed":"Yes","UserName":"bob"}"#, "true", "bob", nil),
            (#","additionalEventData":{"MFAUsed":"No"}"#, "false", nil, nil),
            (#","mcpEventDetails":{"mcpServerName":"m"}"#, nil, nil, "m"),
            (#","additionalEventData":null"#, nil, nil, nil),
        ]
        let run = try TransformRun(IdentityTransform.self)
        let order = [0, 1, 2, 1, 2, 0, 3, 4, 3, 0, 2, 1]
        for (identity, isUser) in zip(identities, [true, false]) {
            let records = order.map { #"{"userIdentity":\#(identity),"recipientAccountId":"1"\#(rest[$0].fields)}"# }
            let batch = try run.batch(records)
            let column = try #require(batch.columns.first)
            for (row, number) in order.enumerated() {
                let text = JSONLines.objectText(of: column, row: row)
                let expected = rest[number]
                let mfa = isUser || expected.mfa == "true" ? expected.mfa : nil
                #expect(member("mfa", text) == mfa, "\(text)")
                #expect(member("actor", text) == (isUser ? #""amy""# : #""\#(expected.name ?? "u")""#), "\(text)")
                #expect(member("agent", text) == expected.agent.map { #""\#($0)""# }, "\(text)")
            }
        }
    }

    private func member(_ key: String, _ text: String) -> String? {
        guard let range = text.firstRange(of: "\"\(key)\":") else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "," && $0 != "}" })
    }

    private static let hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

    private static func identityCenter(_ name: String, _ fields: String, _ rest: String, _ actor: String) -> Case {
        Case(
            "Identity Center: \(name)",
            """
            "userIdentity":{"type":"IdentityCenterUser"\(fields),\
            "onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:s"}}\(rest)
            """,
            head("identity_center", false, false, false, "type")
                + #","actor":"\#(actor)","onBehalfOf":"u-1","identityStore":"arn:s"}"#
        )
    }
}

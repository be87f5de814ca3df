import MHPipeKit
import MHPipeMatching

/// What says that a text is a password or a token: its name, or how it begins.
enum SecretNames {
    /// How names of secrets end, in lower case, without what joins words.
    private static let endings = [
        "password", "passwd", "passphrase", "secretaccesskey", "secretkey", "secretstring", "secretbinary",
        "sessiontoken",
        "securitytoken", "authtoken", "authorizationtoken", "accesstoken", "refreshtoken", "idtoken", "bearertoken",
        "identitytoken", "logintoken", "signintoken", "authorization", "samlassertion", "privatekey", "clientsecret",
        "apikey", "amzsignature",
    ]

    /// True for the name of a secret, as it stands between quotes.
    static func isSecret(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        // Every ending has at least six letters, and names are short.
        guard key.count >= 6, key.count <= 256 else { return false }
        let name = unsafe JSONText.decode(key).utf8.filter {
            $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != 0x2E
        }
        .map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return endings.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Tokens by how they begin, and what stands behind the name of a secret inside a text: JSON in it, a query, a header.
    static let patterns: [String] = {
        // Whatever joins the words of a name, in any case.
        let names = [
            "password", "passwd", "passphrase", "secret[-_.]?access[-_.]?key", "secret[-_.]?key", "secret[-_.]?string",
            "secret[-_.]?binary", "session[-_.]?token", "security[-_.]?token", "auth[-_.]?token",
            "authorization[-_.]?token", "access[-_.]?token", "refresh[-_.]?token", "id[-_.]?token",
            "bearer[-_.]?token", "identity[-_.]?token", "login[-_.]?token", "sign[-_.]?in[-_.]?token",
            "saml[-_.]?assertion", "private[-_.]?key", "client[-_.]?secret", "api[-_.]?key", "amz[-_.]?signature",
        ].joined(separator: "|")
        return [
            #"(?i)(?:"# + names + #")["']?\s*[:=]\s*"((?:[^"\\]|\\[\s\S])*)"#,
            #"(?i)(?:"# + names + #")\\*["']?\s*[:=]\s*\\+"((?:\\{3,}"|(?!\\*")[\s\S])*)"#,
            #"(?i)(?:"# + names + #")\\*["']?\s*[:=]\s*'([^']*)"#,
            #"(?i)(?:"# + names + #")["']?\s*[:=]\s*([^"'&\s,;}\\]+)"#,
            #"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,})"#,
            // Session tokens of STS, by their first bytes in Base64, and JSON web tokens.
            #"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz|AQoDYXdz|AgoJb3JpZ2lu)[A-Za-z0-9+/=_%-]*"#,
            #"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*"#,
        ]
    }()
}

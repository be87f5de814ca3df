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
        guard key.count >= 6, key.count <= 256, unsafe mayBeSecret(key) else { return false }
        let name = unsafe JSONText.decode(key).utf8.filter {
            $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != 0x2E
        }
        .map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return endings.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// False for most names: where the last two letters are those of no ending.
    private static func mayBeSecret(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let (first, last) = unsafe (key[key.count - 2] | 0x20, key[key.count - 1] | 0x20)
        guard first &- 0x61 < 26, last &- 0x61 < 26 else { return true }
        if lastLetters[Int(last - 0x61)] >> UInt32(first - 0x61) & 1 == 1 { return true }
        return unsafe JSONText.hasBackslash(key)
    }

    /// For each last letter of an ending, the letters before it, one bit each.
    private static let lastLetters: [UInt32] = endings.reduce(into: [UInt32](repeating: 0, count: 26)) {
        letters,
        ending in
        let two = ending.utf8.suffix(2).map { Int($0 - 0x61) }
        letters[two[1]] |= 1 << UInt32(two[0])
    }

    /// Patterns for tokens, and what a text has at least one of in which one of them matches.
    static let patterns: [(needs: TextTraits, patterns: [String])] = [
        ([.colon, .equals], behindNames),
        ([.blank], [#"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,})"#]),
        (
            [.tokenLetter],
            [
                // Session tokens of STS, by their first bytes in Base64, and JSON web tokens.
                #"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz|AQoDYXdz|AgoJb3JpZ2lu)[A-Za-z0-9+/=_%-]*"#,
                #"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*"#,
            ]
        ),
    ]

    /// What stands behind the name of a secret inside a text: JSON in it, a query, a header.
    private static let behindNames: [String] = {
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
        ]
    }()
}

import MHPipeAWS
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("a b+c", "a%20b%2Bc"), ("AZaz09-._~", "AZaz09-._~"), ("a/b", "a%2Fb"), ("é", "%C3%A9"), ("%", "%25"),
        ("()!*'=:,@", "%28%29%21%2A%27%3D%3A%2C%40"), ("", ""),
    ])
    func encodes(text: String, encoded: String) {
        #expect(PercentEncoding.encoded(text) == encoded)
        #expect(PercentEncoding.decoded(encoded) == text)
    }

    @Test func keepsTheSlashesOfPaths() {
        #expect(PercentEncoding.encoded("/a b//c/..", keepsSlashes: true) == "/a%20b//c/..")
    }

    @Test(arguments: [("a+b", "a b"), ("in%2Fa+b%2Bc.json", "in/a b+c.json"), ("100%", "100%"), ("%zz%4", "%zz%4")])
    func decodesForms(text: String, decoded: String) {
        #expect(PercentEncoding.decoded(text, isForm: true) == decoded)
    }
}

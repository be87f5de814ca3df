import Testing

@testable import MHPipeGeoIP

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.77", 32, "192.0.2.77/32"),
        ("192.0.2.77", 31, "192.0.2.76/31"),
        ("192.0.2.77", 24, "192.0.2.0/24"),
        ("192.0.2.77", 17, "192.0.0.0/17"),
        ("192.0.2.77", 1, "128.0.0.0/1"),
        ("192.0.2.77", 0, "0.0.0.0/0"),
        ("::ffff:192.0.2.77", 24, "192.0.2.0/24"),
        ("0:0:0:0:0:FFFF:C000:024D", 24, "192.0.2.0/24"),
        ("2001:DB8:6e1b:792d::f671", 128, "2001:db8:6e1b:792d::f671/128"),
        ("2001:db8:6e1b:792d::f671", 48, "2001:db8:6e1b::/48"),
        ("2001:db8:6e1b:792d::f671", 29, "2001:db8::/29"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 112, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0/112"),
        ("::", 0, "::/0"),
    ])
    func cutsAnAddressToItsNetwork(text: String, bits: Int, network: String) throws {
        #expect(try #require(IPAddress(text)).network(bits: bits) == network)
    }

    @Test(arguments: [
        "", "AWS Internal", "cloudformation.amazonaws.com", "localhost", "1", "127.1", "0x7f000001", "192.0.2.256",
        "192.0.2.1 ", " 192.0.2.1", "192.0.2.1\0.example.com", "192.0.2.1:443", "192.0.2.0/24", "[2001:db8::1]",
        "fe80::1%1", "2001:db8::1::2", "12345::", ":::", "aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:255.255.255.2555",
    ])
    func takesNothingThatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }
}

import Testing

@testable import MHPipeAWS

@Suite struct XMLReaderTests {
    @Test(arguments: [
        ("<a>x</a>", "<a x >a"), ("<p:a b='>' c=\"/\">x</p:a>", "<a x >a"), ("<a/>", "<a >a"), ("<a b='1'/>", "<a >a"),
        ("<!-- <b> --><a><![CDATA[<&]]></a>", "<a <& >a"), ("<a>&lt;&#65;&#x42;&amp;&no;&</a>", "<a <AB&&no;& >a"),
        ("<a>&quot;é&#34;&apos;&gt;&#x1F600;&#xD800;&#;&;&&amp;</a>", "<a \"é\"'>\u{1F600}&#xD800;&#;&;&& >a"),
        ("<a>x<!b>y<?c?>z<!-- - --></a>", "<a x y z >a"), ("<", "<"), ("<a><!", "<a"), ("</a", ">a"),
        ("<?xml version='1.0'?><!DOCTYPE x>\n<a>\n</a>", "<a >a"), ("<a", "<a"), ("<a>x", "<a x"), ("<!--", ""),
        ("", ""),
    ])
    func reads(text: String, steps: String) {
        var reader = XMLReader(Array(text.utf8))
        var found: [String] = []
        while let step = reader.next() {
            switch step {
            case .start(let name): found.append("<\(name)")
            case .end(let name): found.append(">\(name)")
            case .text(let text): found.append(text)
            }
        }
        #expect(found.joined(separator: " ") == steps)
    }
}

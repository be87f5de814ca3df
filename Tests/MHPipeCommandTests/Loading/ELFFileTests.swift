import Foundation
import Testing

@testable import MHPipeCommand

#if os(Linux)
@Suite struct ELFFileTests {
    private static let bytes = WholeFile.read(Mhpipe.path) ?? []

    @Test func readsWhatTheExecutableSays() throws {
        let file = try #require(ELFFile(Self.bytes))
        #expect(file.isWhole)
        #expect(try #require(file.buildID).wholeMatch(of: /[0-9a-f]{40}/) != nil)
        #expect(file.defines(HostProgram.kitSymbol))
        #expect(!file.defines("dlopen"), "it needs this one from the C library")
        #expect(!file.defines("no_such_symbol"))
    }

    @Test(arguments: [0, 3, 63, 64, 65, 1000, 100_000])
    func saysThatACutFileIsNotWhole(count: Int) {
        let file = ELFFile(Array(Self.bytes.prefix(count)))
        #expect(file?.isWhole != true)
        #expect(file?.buildID == nil)
        #expect(file?.defines(HostProgram.kitSymbol) != true)
    }

    @Test func survivesAnyDamageInItsHeader() {
        let start = Array(Self.bytes.prefix(100_000))
        for position in 0x10..<0x40 {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var bytes = start
                bytes[position] = value
                let file = ELFFile(bytes)
                #expect(file?.buildID == nil)
                #expect(file?.defines("x") != true)
            }
        }
    }
}
#endif

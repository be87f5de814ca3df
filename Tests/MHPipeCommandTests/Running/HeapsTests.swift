import Testing

@testable import MHPipeCommand

@Suite struct HeapsTests {
    @Test(arguments: [(-1, 1), (1, 1), (2, 1), (4, 1), (7, 1), (8, 2), (64, 16)])
    func fourProcessorsShareAHeap(processors: Int, heaps: Int32) {
        #expect(Heaps.number(processors: processors) == heaps)
    }
}

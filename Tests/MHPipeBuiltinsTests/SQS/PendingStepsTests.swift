import Testing

@testable import MHPipeBuiltins

@Suite struct PendingStepsTests {
    @Test(arguments: [0, 1, 5, 1500, 5000]) func givesWhatIsLeftInOrder(count: Int) {
        var steps = PendingSteps<Int>()
        var found: [Int] = []
        for step in 0..<count { steps.append(step) }
        while let step = steps.first {
            found.append(step)
            steps.removeFirst()
            // What is known to be over is not among what is left.
            if step == 1200 { steps.removeAll { $0 % 2 == 0 } }
            #expect(steps.count + found.count == count || step >= 1200)
        }
        #expect(found == (0..<count).filter { $0 <= 1200 || $0 % 2 == 1 })
        #expect(steps.isEmpty && steps.count == 0)
    }
}

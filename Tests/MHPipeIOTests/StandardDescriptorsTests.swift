import Foundation
import MHPipeIO
import Testing

@Suite struct StandardDescriptorsTests {
    @Test func aClosedStandardOutputIsSaidToBeClosed() async {
        await #expect(processExitsWith: .success) {
            close(STDOUT_FILENO)
            StandardDescriptors.reserve()
            let next = open("/dev/null", O_WRONLY)
            guard next > STDERR_FILENO else { exit(1) }
            do {
                _ = try StreamOutput.standardOutput()
                exit(2)
            } catch {
                let isTold =
                    (error as? OutputFailure)?.message == "cannot write standard output: it is not open for writing"
                exit(isTold ? 0 : 3)
            }
        }
    }

    @Test func openDescriptorsStay() async {
        await #expect(processExitsWith: .success) {
            StandardDescriptors.reserve()
            exit(fcntl(STDERR_FILENO, F_GETFL) & O_ACCMODE == O_RDONLY ? 1 : 0)
        }
    }
}

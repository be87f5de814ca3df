import MHPipeRuntime
import Testing

@testable import MHPipeCommand

@Suite struct ProgressTextTests {
    private func progress(
        files: (Int, Int?),
        bytes: (Int, Int?),
        events: Int = 0,
        seconds: Double = 0
    ) -> RunProgress {
        var progress = RunProgress()
        (progress.filesDone, progress.filesTotal) = files
        (progress.bytesDone, progress.bytesTotal) = bytes
        progress.events = events
        progress.seconds = seconds
        return progress
    }

    @Test func showsFilesBytesSpeedAndTimeLeft() {
        let progress = progress(
            files: (1200, 9753),
            bytes: (78_100_000, 312_400_000),
            events: 1_087_842,
            seconds: 2
        )
        #expect(progress.line() == "1,200 of 9,753 files  25%  78.1 MB of 312.4 MB  543,921 events/s  0:06 left")
        #expect(
            progress.json
                == #"{"bytesDone":78100000,"bytesTotal":312400000,"events":1087842,"filesDone":1200,"#
                + #""filesTotal":9753,"seconds":2.0,"secondsLeft":6.0}"#
        )
    }

    @Test func doesNotGuessWithoutTheSize() {
        let progress = progress(files: (0, 1), bytes: (5_000_000, nil), events: 1001, seconds: 2.0004)
        #expect(progress.line() == "0 of 1 file  5.0 MB  500 events/s")
        #expect(progress.json.hasSuffix(#""seconds":2.0}"#))
    }

    @Test func showsWhatIsDoneWhereNobodyKnowsHowMuchThereIs() {
        let progress = progress(files: (1200, nil), bytes: (78_100_000, nil), events: 1000, seconds: 2)
        #expect(progress.line() == "1,200 files  78.1 MB  500 events/s")
        #expect(
            progress.json
                == #"{"bytesDone":78100000,"bytesTotal":0,"events":1000,"filesDone":1200,"filesTotal":0,"seconds":2.0}"#
        )
    }

    @Test func doesNotGuessTooEarly() {
        #expect(progress(files: (0, 0), bytes: (0, 0)).line() == "looking for files")
        #expect(progress(files: (0, nil), bytes: (0, nil)).line() == "looking for files")
        #expect(progress(files: (0, 2), bytes: (0, 9)).line() == "0 of 2 files  0%  0 B of 9 B")
        #expect(!progress(files: (1, 2), bytes: (1, 2), seconds: 0.4).line().contains("left"))
    }

    @Test func saysThatItWaitsForStandardInput() {
        #expect(progress(files: (0, 1), bytes: (0, nil)).line(readsStandardInput: true) == "waiting for standard input")
        #expect(
            progress(files: (0, 1), bytes: (4096, nil)).line(readsStandardInput: true) == "0 of 1 file  4.1 kB"
        )
    }

    @Test func neverShowsMoreThanAll() {
        #expect(progress(files: (1, 1), bytes: (12, 10), seconds: 1).line().contains("  100%  "))
    }
}

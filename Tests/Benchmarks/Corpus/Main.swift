import Foundation
import MHPipeSynthetic

/// Writes the events of source `synthetic` as files, for `make bench`: `mhpipe-corpus FOLDER BYTES SEED SPREAD FORM...`.
///
/// Each form is a folder of its own in FOLDER. Prints what was written as JSON; what is there already is written anew.
@main
struct Main {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 5, let bytes = Int(arguments[1]), let seed = Int(arguments[2]),
            let spread = MigrationHubSpread(rawValue: arguments[3])
        else { usage() }
        let forms = arguments[4...].compactMap(CorpusForm.init(rawValue:))
        guard forms.count == arguments.count - 4 else { usage() }
        let trail = SyntheticTrail(seed: seed, spread: spread)
        let corpus = Corpus(
            files: Array(trail.files(events: SyntheticTrail.events(inBytes: bytes))),
            folder: URL(filePath: arguments[0], directoryHint: .isDirectory)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(try forms.map(corpus.write)), as: UTF8.self))
    }

    private static func usage() -> Never {
        let forms = CorpusForm.allCases.map(\.rawValue).joined(separator: "|")
        FileHandle.standardError.write(
            Data("usage: mhpipe-corpus FOLDER BYTES SEED even|clustered \(forms) ...\n".utf8)
        )
        exit(2)
    }
}

import MHPipeKit
import PipelineConfig

extension CommandFile {
    /// The pipeline file and the libraries that options name.
    static func files(pipeline: String, _ libraries: [InputPath]) -> [CommandFile] {
        [CommandFile(reading: pipeline, as: "the pipeline file")]
            + libraries.map { CommandFile(reading: $0.path, as: "the library of '--plugin'") }
    }
}

import PipelineConfig

extension ExitCode {
    /// The code for a pipeline that cannot run: whose mistake it is decides.
    static func refusal(of checked: CheckedPipeline) -> ExitCode { checked.isMachineFault ? .failure : .mistake }
}

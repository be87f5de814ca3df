import CSimdJSON

/// What finds the tokens of JSON texts, by name.
package enum JSONKernels {
    /// The kernel that runs on this processor.
    package static var usual: String { unsafe String(cString: mhp_usual_kernel_name()) }

    /// The version of simdjson that the program was built with.
    package static var version: String { unsafe String(cString: mhp_simdjson_version()) }
}

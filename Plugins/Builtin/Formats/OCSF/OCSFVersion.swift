import MHPipeKit

/// The versions of the schema that the events are valid in.
enum OCSFVersion: String, OptionChoice {
    case v1_1 = "1.1.0"
    case v1_2 = "1.2.0"
    case v1_3 = "1.3.0"
    case v1_4 = "1.4.0"
    case v1_5 = "1.5.0"
    case v1_6 = "1.6.0"
    case v1_7 = "1.7.0"
    case v1_8 = "1.8.0"
}

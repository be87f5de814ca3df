/// The words that made-up names are put together from.
enum SyntheticNames {
    static let people = words(
        "amelia noah priya wei fatima diego ingrid kofi yuki sofia marcus lena omar chloe raj hanna"
    )
    static let families = words(
        "garcia smith patel chen ali rossi larsen mensah tanaka silva weber novak haddad martin"
    )
    static let applications = words(
        "billing orders inventory payments search catalog ledger crm hr-portal web-frontend reporting etl-nightly "
            + "auth-gateway notifications claims pricing loyalty media-store"
    )
    static let environments = words("prod stage dev qa")
    static let teams = words("platform data security migration payments web")

    /// Services that call by themselves.
    static let services = words("cloudtrail delivery.logs ec2 lambda config mgn dms")

    static let commandLine = [
        "aws-cli/2.15.30 Python/3.11.6 Linux/5.15.0-1051-aws exe/x86_64.ubuntu.22 prompt/off command/ec2.describe-instances",
        "aws-cli/2.15.40 Python/3.11.6 Linux/5.15.0-1051-aws exe/x86_64.ubuntu.22 prompt/off command/mgh.list-migration-tasks",
        "aws-cli/1.29.62 Python/3.8.10 Linux/4.14.355-276.618.amzn2.x86_64 botocore/1.31.62",
    ]
    static let terraform = ["ec2", "iam", "s3"].map {
        "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-aws/5.37.0 "
            + "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.24.7 os/linux lang/go#1.20.12 "
            + "md/GOOS#linux md/GOARCH#amd64 api/\($0)#1.147.1"
    }
    static let python = [
        "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.215-227.850.amzn2.x86_64 md/arch#x86_64 "
            + "lang/python#3.12.3 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy Botocore/1.34.69",
        "Boto3/1.26.165 Python/3.9.16 Linux/5.10.186-179.751.amzn2.x86_64 Botocore/1.29.165",
        "[Boto3/1.26.165 Python/3.9.16 Linux/5.10.186-179.751.amzn2.x86_64 Botocore/1.29.165]",
    ]
    static let java = [
        "aws-sdk-java/1.12.614 Linux/5.4.247-162.350.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/25.372-b07 java/1.8.0_372 "
            + "vendor/Amazon.com_Inc. cfg/retry-mode/standard",
        "aws-sdk-java/2.21.42 Linux/6.1.66-91.160.amzn2023.x86_64 OpenJDK_64-Bit_Server_VM/17.0.9+9-LTS Java/17.0.9 "
            + "vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/legacy",
    ]
    static let go = [
        "aws-sdk-go/1.44.157 (go1.19.3; linux; amd64)", "karpenter.sh-v0.36.0",
        "aws-sdk-go-v2/1.26.1 os/linux lang/go#1.22.2 md/GOOS#linux md/GOARCH#arm64 api/sts#1.28.6",
    ]
    static let browsers = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    ]
    static let console = ["console.amazonaws.com", "AWS Internal", "Coral/Netty4"]

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}

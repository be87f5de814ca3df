# A formula for Homebrew: `brew install --build-from-source ./mhpipe.rb`, once `url` and `sha256` are those of a release.
class Mhpipe < Formula
  desc "Reads AWS CloudTrail logs and writes what is asked for"
  homepage "https://example.com/mhpipe"
  url "https://example.com/mhpipe-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on xcode: ["16.3", :build] if OS.mac?
  depends_on "curl"
  depends_on "isa-l"
  depends_on "libdeflate"
  depends_on "libmicrohttpd"
  depends_on macos: :sequoia
  depends_on "openssl@3"
  depends_on "pcre2"
  depends_on "simdjson"
  depends_on "sqlite"
  depends_on "zstd"

  on_linux do
    depends_on "swift" => :build
  end

  def install
    ENV.prepend_path "CPATH", HOMEBREW_PREFIX/"include"
    ENV.prepend_path "LIBRARY_PATH", HOMEBREW_PREFIX/"lib"
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "mhpipe"
    bin.install ".build/release/mhpipe"
    generate_completions_from_executable(bin/"mhpipe", "completions")
    system bin/"mhpipe", "man", "--write", buildpath/"man"
    man1.install Dir["man/man1/*"]
    man5.install Dir["man/man5/*"]
  end

  test do
    (testpath/"trail.json").write '{"Records":[{"eventVersion":"1.08","eventName":"ListApplications"}]}'
    system bin/"mhpipe", "convert", "trail.json", "events.csv"
    assert_match "ListApplications", (testpath/"events.csv").read
  end
end

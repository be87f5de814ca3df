# Runs what a formula does at its installation and in its test, where there is no Homebrew: ruby .ci/formula.rb FORMULA PREFIX,
# in a folder of the sources as a release has them. What it depends on is held to be there.
require "fileutils"
require "pathname"
require "tmpdir"

HOMEBREW_PREFIX = Pathname("/usr")

# The machine, as formulas ask for it.
module OS
  def self.mac? = RUBY_PLATFORM.include?("darwin")
end

def ENV.prepend_path(name, folder)
  self[name] = [folder.to_s, self[name]].compact.join(":")
end

# A folder of the prefix, with the words by which files are put into it.
class Folder < Pathname
  def install(*files)
    mkpath
    FileUtils.cp(files.flatten, self)
  end
end

# The part of Homebrew's class that the formula uses. The source's address and hash are those of no release yet.
class Formula
  class << self
    attr_reader :tests

    def depends_on(_what) = nil
    def on_linux = OS.mac? || yield
    def test(&block) = @tests = block
    %i[desc homepage url sha256 license].each { |name| define_method(name) { |_text| nil } }
  end

  attr_reader :prefix, :buildpath, :testpath

  def initialize(prefix, buildpath, testpath)
    @prefix, @buildpath, @testpath = Folder.new(prefix), Folder.new(buildpath), Folder.new(testpath)
  end

  def bin = Folder.new(prefix/"bin")
  def man1 = Folder.new(prefix/"share/man/man1")
  def man5 = Folder.new(prefix/"share/man/man5")

  def system(*words)
    Kernel.system(*words.map(&:to_s)) || abort("failed: #{words.join(" ")}")
  end

  def generate_completions_from_executable(program, *words)
    %w[bash zsh fish].each do |shell|
      text = IO.popen([program.to_s, *words, shell], &:read)
      abort("no completions for #{shell}") if text.empty? || !$?.success?
    end
  end

  def assert_match(wanted, text)
    text.include?(wanted) || abort("#{wanted} is not in: #{text}")
  end
end

load ARGV[0]
formula_class = ObjectSpace.each_object(Class).find { |each| each < Formula }
Dir.mktmpdir do |scratch|
  formula = formula_class.new(ARGV[1], Dir.pwd, scratch)
  formula.install
  abort("no pages of the manual") if Dir["#{formula.man1}/*"].empty? || Dir["#{formula.man5}/*"].empty?
  Dir.chdir(scratch) { formula.instance_eval(&formula_class.tests) }
end
puts "the formula installs mhpipe, and its test passes"

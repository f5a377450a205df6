# arcwire. `make help` says what there is.
#
# Folders are found by wildcard and dependencies by the compiler; a variant (release, debug, san,
# cover, fuzz) is built in build/VARIANT. Nothing here names a source file that a folder tells.

VARIANT ?= release
B       := build/$(VARIANT)
PREFIX  ?= /usr/local
CFLAGS  ?= $(default_flags)

default_flags := -O2 -g
release := -D_FORTIFY_SOURCE=2
debug   := -O0
san     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_BLOCK=0 \
           -Wno-conversion     # gcc warns of conversions that it cannot see through when it also sanitizes them
fuzz    := -O1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -DARENA_BLOCK=0
cover   := -O0 -fprofile-instr-generate -fcoverage-mapping
CC      := $(if $(filter fuzz cover,$(VARIANT)),clang,$(if $(filter default,$(origin CC)),gcc,$(CC)))

warnings := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wformat=2 -Wno-missing-field-initializers
WERROR   ?=
every    := -std=c17 $(warnings) $(if $(WERROR),-Werror)
includes := -Iharness -D_GNU_SOURCE -MMD -MP -DARCWIRE_PREFIX='"$(PREFIX)"'
say      := $(if $(V),,@)

# The floors: a module may include its own files and those of the modules named behind it.
# harness/README.md says why; `make floors` holds the sources to it.
modules := base archive json layout net trace vector peer replay check capture verdict run shrink report bench app
floor_base    :=
floor_archive := base
floor_json    := base
floor_layout  := base archive json
floor_net     := base
floor_trace   := base json
floor_vector  := base json archive
floor_peer    := base json net
floor_replay  := base archive vector trace net
floor_check   := base json archive vector trace
floor_capture := base json archive layout vector trace check net
floor_verdict := base json check
floor_run     := base json archive vector trace net peer replay check capture verdict
floor_shrink  := base json archive vector trace net peer replay check verdict run
floor_report  := base json archive vector trace check verdict
floor_bench   := base json net trace vector peer replay verdict run report
floor_app     := $(modules)

# One wildcard per kind of program: a new file joins by lying in its folder.
objects   = $(patsubst %.c,$(B)/obj/%.o,$(wildcard $(1)))
core      := $(call objects,$(modules:%=harness/%/*.c))
main      := $(B)/obj/harness/app/main.o
core      := $(filter-out $(main),$(core))
tests     := $(call objects,harness/tests/*.c)
reference := $(call objects,peers/reference/*.c)
flawed    := $(patsubst %.c,$(B)/flawed/%.o,$(wildcard peers/reference/*.c peers/flawed/*.c))
relay     := $(call objects,peers/relay/*.c)
fuzzers   := $(patsubst harness/fuzz/fuzz_%.c,%,$(wildcard harness/fuzz/fuzz_*.c))
refcodec  := $(call objects,peers/reference/codec/*.c)
ownparts  := $(call objects,harness/base/*.c harness/archive/*.c harness/agree/codec.c)
agreement := $(filter-out %/codec.o,$(call objects,harness/agree/*.c))
reftests  := $(call objects,peers/reference/tests/*.c peers/flawed/tests/*.c)
windows    = $(patsubst %.c,$(B)/windows/%.o,$(wildcard $(1)))
winsock   := $(filter-out %/wsa_posix.o,$(call windows,peers/reference/*.c peers/winsock/*.c))
wintests  := $(call windows,$(addprefix peers/reference/tests/,loop.c rig.c test_csocket.c test_notifications.c) peers/winsock/tests/*.c)
programs  := $(B)/arcwire $(B)/peers/reference $(B)/peers/flawed $(B)/peers/relay

.DEFAULT_GOAL := arcwire
.PHONY: all arcwire peers run test check run-tests clang san cover cover-report explained retold floors interop matrix winsock windows install clean help format lint agree agree-s390x mutants replay fuzz fuzz-all force
.DELETE_ON_ERROR:

arcwire: $(B)/arcwire       ## build the program alone (a C17 compiler, make and libcjson do)
peers: $(B)/peers/reference $(B)/peers/flawed $(B)/peers/relay $(B)/peers/foreground.so
all: arcwire peers          ## build the program and the peers

run:                        ## install what is missing, build, run the suite against the reference peer
	@.ci/packages build
	@$(MAKE) --no-print-directory all
	$(B)/arcwire run --peer reference

check:                      ## unit tests of everything, corpora, floors, formatting; under a minute
	@.ci/packages build check format
	@$(MAKE) --no-print-directory B=build/check WERROR=1 all floors format
	@$(MAKE) --no-print-directory B=build/check WERROR=1 run-tests

clang:                      ## the same programs and unit tests, built by clang
	@CC=clang .ci/packages build check
	@$(MAKE) --no-print-directory CC=clang B=build/clang WERROR=1 all run-tests

test:                       ## install what tests need; check, both compilers, sanitizers, suites, interop
	@.ci/packages build check format test interop peers runtimes schema readers browser shards mutants captures
	@.ci/test

run-tests: $(B)/tests $(B)/tests-peers all replay
	@.ci/criterion $(B)/tests harness/tests
	@.ci/criterion $(B)/tests-peers peers/reference/tests peers/flawed/tests

replay: $(fuzzers:%=$(B)/replay-%)
	@$(foreach f,$(fuzzers),$(B)/replay-$(f) harness/fuzz/corpus/$(f)/* &&) :
fuzz:                       ## build the fuzz targets with libFuzzer and run each for FUZZ=10 seconds
	@.ci/packages build fuzz
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzz-all
FUZZ ?= 10
fuzz-all: $(fuzzers:%=$(B)/fuzz-%)
	@for f in $(fuzzers); do mkdir -p $(B)/found/$$f; \
	  $(B)/fuzz-$$f -max_total_time=$(FUZZ) -print_final_stats=1 -artifact_prefix=$(B)/$$f- $(B)/found/$$f \
	    harness/fuzz/corpus/$$f >$(B)/fuzz-$$f.log 2>&1 || { tail -n 40 $(B)/fuzz-$$f.log; exit 1; }; \
	  echo "fuzz-$$f: $$(sed -n 's/^stat::number_of_executed_units: *//p' $(B)/fuzz-$$f.log) inputs, nothing found"; done

san:                        ## the unit tests under the address and undefined-behaviour sanitizers
	@.ci/packages build check
	@$(MAKE) --no-print-directory VARIANT=san WERROR=1 run-tests

cover:                      ## the unit tests, without those of processes, with coverage of the harness
	@.ci/packages build check cover
	@$(MAKE) --no-print-directory VARIANT=cover cover-report
cover-report: $(B)/tests
	@LLVM_PROFILE_FILE=$(CURDIR)/$(B)/%p.profraw $(B)/tests --jobs 2 --filter '!(peer|run|engine|cli|cli_peers)/*' >/dev/null
	@llvm-profdata-14 merge -o $(B)/cover.profdata $(B)/*.profraw && rm -f $(B)/*.profraw
	@llvm-cov-14 report $(B)/tests -instr-profile=$(B)/cover.profdata $(modules:%=harness/%)
	@llvm-cov-14 export -format=lcov $(B)/tests -instr-profile=$(B)/cover.profdata harness/archive | .ci/unreached -v what=harness/archive

explained: all              ## play every flaw and take harness/tests/explained out of that: conversations, and what is found in them
	@rm -rf build/explained; $(B)/arcwire selftest --peer flawed --peer python --seed 1 --out build/explained || [ $$? = 1 ]
	@harness/tests/explained/pick.py build/explained
	@$(MAKE) --no-print-directory retold
retold:                     ## write down what is found in them now
	@$(MAKE) --no-print-directory B=build/check WERROR=1 build/check/tests
	@EXPLAINED=retell build/check/tests --filter 'explained/*' 2>&1 | tail -n 1

agree: $(B)/agree $(B)/codec-harness $(B)/codec-reference    ## ask both codecs the same and compare: vectors, cuts, changes, chance
	$(B)/agree --harness $(B)/codec-harness --reference $(B)/codec-reference $(AGREE)
agree-s390x: $(B)/agree $(B)/codec-harness $(B)/codec-reference  ## the same with either side on an emulated big-endian machine
	@.ci/agree-s390x $(B)

mutants:                    ## change our own sources mechanically and tell what no test notices: SAMPLE=N SEED=S MODULE='DIR…'
	@.ci/packages build check peers mutants
	@harness/mutants/mutants.py --check $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(MODULE:%=--module %)

lint: arcwire               ## check every vector
	$(B)/arcwire lint

interop: all                ## run the suites for established servers against real Debian servers
	@.ci/packages build interop
	@.ci/interop $(B)/arcwire

winsock: all                ## the same peer on Windows sockets: built by MinGW, tested and run under Wine
	@.ci/winsock $(B)
MINGW ?= x86_64-w64-mingw32-gcc
windows: $(B)/peers/winsock.exe $(B)/peers/winsock $(B)/tests-winsock.exe $(B)/tests-winsock

matrix: all                 ## every peer at hand, in every generation: peers × suites on one page, build/matrix/matrix.html
	@.ci/packages build interop peers
	$(B)/arcwire matrix --out build/matrix $(MATRIX)

floors:                     ## print the modules' order; fail on an include that it does not allow
	@fail=0; $(foreach m,$(modules),\
	  printf '%-8s  %s\n' $(m) '$(floor_$(m))'; \
	  for f in harness/$(m)/*.[ch]; do [ -e "$$f" ] || continue; \
	    for i in $$(sed -n 's,^#include "\([^/"]*\)/.*,\1,p' "$$f" | sort -u); do \
	      case ' $(m) $(floor_$(m)) ' in (*" $$i "*) ;; \
	      (*) echo "$$f: may not include $$i/" >&2; fail=1;; esac; done; \
	    [ $(m) = json ] || ! grep -l 'include <cjson' "$$f" || { echo "$$f: only json/ includes cJSON" >&2; fail=1; }; \
	  done;) exit $$fail

format:                     ## check the layout of the C sources
	@.ci/packages format
	@.ci/format

install: $(B)/arcwire       ## PREFIX=/usr/local, DESTDIR for packagers
	install -D -m 755 $(B)/arcwire $(DESTDIR)$(PREFIX)/bin/arcwire
	mkdir -p $(DESTDIR)$(PREFIX)/share/arcwire
	cp -R vectors LICENSE $(DESTDIR)$(PREFIX)/share/arcwire/
	mkdir -p $(DESTDIR)$(PREFIX)/share/arcwire/reports
	cp reports/*.schema.json reports/*.xsd $(DESTDIR)$(PREFIX)/share/arcwire/reports/
	install -D -m 644 harness/capture/wireshark/arcwire.lua $(DESTDIR)$(PREFIX)/share/arcwire/wireshark/arcwire.lua

clean:
	rm -rf build

help:                       ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | expand -t 12
	@echo 'VARIANT=release|debug|san|cover  CC=gcc|clang  PREFIX=/usr/local  DESTDIR=  ARCWIRE_INSTALL=no  V=1'

# What everything here was built with: when that changes, everything is built again.
settings := $(CC) $(every) $(CFLAGS) $($(VARIANT)) $(includes) $(CPPFLAGS) $(LDFLAGS)
$(B)/settings: force
	@mkdir -p $(@D); echo '$(subst ','\'',$(settings))' >$@.$$$$; \
	cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@
force:

link = $(if $(V),,@echo "  LD    $@";) mkdir -p $(@D); $(CC) $(CFLAGS) $($(VARIANT)) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)
windows_link = $(if $(V),,@echo "  LD    $@";) mkdir -p $(@D); $(MINGW) -static -o $@ $(filter %.o,$^) -lws2_32 -lpthread
compile = @mkdir -p $(@D); $(if $(V),set -x;,echo "  CC    $<";) \
	$(CC) $(every) $(CFLAGS) $($(VARIANT)) $(includes) $(CPPFLAGS)

$(B)/libcore.a: $(core)
	@rm -f $@ && $(AR) rcs $@ $^
$(B)/libreference.a: $(filter-out %/main.o,$(reference))
	@rm -f $@ && $(AR) rcs $@ $^
$(B)/arcwire:         $(main) $(B)/libcore.a ; $(link) -lcjson -lm
$(B)/tests:           $(tests) $(B)/libcore.a ; $(link) -lcriterion -lcjson -lm
$(B)/peers/reference: $(reference) ; $(link) -lpthread -lm
$(B)/peers/flawed:    $(flawed) ; $(link) -lpthread -lm
$(B)/peers/relay:     $(relay) ; $(link) -lpthread
$(B)/codec-harness:   $(ownparts) ; $(link) -lm
$(B)/codec-reference: $(refcodec) $(B)/libreference.a ; $(link) -lm
$(B)/agree:           $(agreement) $(B)/libcore.a ; $(link) -lcjson -lm
$(B)/replay-%: $(B)/obj/harness/fuzz/fuzz_%.o $(B)/obj/harness/fuzz/replay.o $(B)/libcore.a ; $(link) -lcjson -lm
$(B)/fuzz-%:   $(B)/obj/harness/fuzz/fuzz_%.o $(B)/libcore.a ; $(link) -fsanitize=fuzzer -lcjson -lm
$(B)/peers/winsock.exe: $(winsock) ; $(windows_link)
$(B)/tests-winsock.exe: $(wintests) $(filter-out %/main.o,$(winsock)) ; $(windows_link)
$(B)/peers/winsock $(B)/tests-winsock: peers/winsock/start
	@mkdir -p $(@D) && cp $< $@
$(B)/peers/foreground.so: peers/nbd-server/foreground.c Makefile $(B)/settings ; $(compile) -shared -fPIC -o $@ $<
$(B)/tests-peers:     $(reftests) $(filter-out %/main.o,$(reference)) ; $(link) -lcriterion -lpthread -lm

# The code in the guide is compiled, and run, by a test.
$(B)/guide.c: peers/reference/README.md
	@mkdir -p $(@D); awk '/^```c$$/ { print "#line " NR + 1 " \"$<\""; code = 1; next } /^```/ { code = 0 } code' $< >$@
$(B)/obj/peers/reference/tests/test_guide.o: $(B)/guide.c
$(B)/obj/peers/reference/tests/test_guide.o: includes += -I$(B) -Ipeers/reference

# Criterion's macros do not survive -Wconversion.
$(tests) $(reftests): every += -Wno-conversion -Wno-shadow
$(reftests): includes += -Ipeers
$(wintests): every += -Wno-conversion -Wno-shadow
$(wintests): includes := -Ipeers/winsock/tests/posix
$(winsock) $(wintests): includes += -Ipeers/reference -Ipeers -D_GNU_SOURCE -MMD -MP
$(reference) $(flawed) $(refcodec): includes := -Ipeers/reference -Ipeers -D_GNU_SOURCE -MMD -MP

.SECONDARY: $(call objects,harness/fuzz/*.c)
$(B)/obj/harness/report/assets.o: $(wildcard reports/*.css reports/*.js)
$(B)/obj/%.o: %.c Makefile $(B)/settings
	$(compile) -c -o $@ $<
$(B)/flawed/%.o: %.c Makefile $(B)/settings
	$(compile) -DFLAWED -c -o $@ $<
$(B)/windows/%.o: %.c Makefile $(B)/settings
	@mkdir -p $(@D); $(if $(V),set -x;,echo "  CC    $<";) $(MINGW) $(every) -O2 -g $(includes) -c -o $@ $<
-include $(shell find $(B) -name '*.d' 2>/dev/null)

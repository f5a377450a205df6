#!/usr/bin/python3
"""Changes our own sources in small ways and tells which changes no test notices. README.md beside this is the guide.

    harness/mutants/mutants.py [--module DIR]... [--sample N] [--seed S] [--jobs N] [--match TEXT] [--check]

Exit status 1 when a mutant survives without a written reason; with --check also when a reason is for a mutant that is no more.
"""
import argparse
import collections
import ctypes
import hashlib
import json
import multiprocessing
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import traceback

import points

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / os.environ.get("MUTANTS_WORK", "build/mutants")  # another for a second run at the same time
TREE = WORK / "tree"  # the copy that is changed and built
HERE = "harness/mutants"
MODULES = ["harness/archive", "harness/check", "harness/replay", "harness/verdict", "peers/reference"]
OPTIONAL = ["harness/net", "harness/report/lines.c"]  # changed, too, when they are named
COPIED = ["Makefile", "README.md", "LICENSE", ".clang-format", "harness", "peers", "reports", "vectors"]
BUILD = "build/check"  # with the same settings as `make check`, so that what that has built need not be built again
SETTINGS = [f"B={BUILD}", "WERROR=1"]
PROGRAMS = {"tests": f"{BUILD}/tests", "tests-peers": f"{BUILD}/tests-peers"}
QUIET = ["--limit", "4000", "--max-failures", "1", "--quiet", "--out", "build/out"]  # on a busy machine nothing is late
SUITES = {  # what a run against the reference shows, behind all unit tests
    "listening": [f"{BUILD}/arcwire", "run", "--peer", "reference", *QUIET],
    "dialling": [f"{BUILD}/arcwire", "run", "--peer", "reference", "--dial", "peer", *QUIET],
    "playing server": [f"{BUILD}/arcwire", "run", "--peer", "reference", "--play", "server", *QUIET],
}
GUARDED = {program: f"build/san/{program}" for program in PROGRAMS}  # the same under the address sanitizer
GUARDED_LONGEST = 0.5  # seconds that a test takes otherwise
GUARDS = "detect_leaks=1:hard_rss_limit_mb=2048:max_allocation_size_mb=1024"
MEMORY = 6 << 30  # bytes of addresses; threads reserve much of them
OUTPUT = 512 << 20  # of a file; the log of all suites has some 70 MiB
PATTERN_MAX = 3000  # characters of names: a much longer pattern Criterion does not survive
TRIES = 3
LATE_MAX = 6  # tests that do not end, behind which no other is tried
ROWS, HEAD = 4096, 16  # as switch.h has them


#
# The tree
#


def arguments_for(path):
    """As the Makefile compiles it."""
    includes = ["-Iharness"] if path.startswith("harness/") else ["-Ipeers/reference", "-Ipeers"]
    return ["-std=c17", "-D_GNU_SOURCE", '-DARCWIRE_PREFIX="/usr/local"', *includes]


def write_if_new(path, data):
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def mutants_read():
    """Every mutant of all modules, and the sources that have them, by name."""
    mutants, sources, names = [], {}, names_listed()
    for top in MODULES + OPTIONAL:
        for name in sorted(n for n in names if n == top or n.startswith(top + "/") and n.count("/") == top.count("/") + 1):
            if name.endswith(".c"):
                sources[name] = points.read(name, arguments_for(name), len(mutants) + 1)
                mutants += sources[name].mutants
    return mutants, sources


def names_listed():
    """Files of the project that are copied."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard", "--", *COPIED], capture_output=True)
    return set(listed.stdout.decode().split("\0")) - {""} if listed.returncode == 0 else set(
        str(p.relative_to(ROOT)) for top in COPIED for p in (ROOT / top).rglob("*") if p.is_file())


def tree_make(sources, chosen, total):
    """Copies the sources, and what is built already, and puts the chosen mutants in; a file that stays the same is not built again."""
    if not TREE.exists() and (ROOT / BUILD / "settings").exists():
        shutil.copytree(ROOT / BUILD, TREE / BUILD)  # copy2: newer than its sources as it was
    names, numbers = names_listed(), {m.number for m in chosen}
    changed = {f"{HERE}/switch.h": f"#define MUTANTS_COUNT {total + 2}\n".encode() + (ROOT / HERE / "switch.h").read_bytes()}
    for name in {m.file for m in chosen}:
        changed[name] = sources[name].mutated("../" * name.count("/") + f"{HERE}/switch.h", numbers).encode()
    for name in names:
        if name in changed:
            write_if_new(TREE / name, changed[name])
        elif not (TREE / name).exists() and (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)
        elif (ROOT / name).is_file():
            write_if_new(TREE / name, (ROOT / name).read_bytes())
        if (ROOT / name).is_file():
            shutil.copymode(ROOT / name, TREE / name)
    hooks = {f"{folder}/mutants_reach.c" for folder in ("harness/tests", "peers/reference/tests")}
    for name in hooks:
        write_if_new(TREE / name, f'#include "{"../" * name.count("/")}{HERE}/reach.c"\n'.encode())
    for path in [p for top in COPIED if (TREE / top).is_dir() for p in (TREE / top).rglob("*") if p.is_file()]:
        if str(path.relative_to(TREE)) not in names | hooks:
            path.unlink()


def tree_build(jobs, guarded=False):
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CFLAGS", "CC")}
    targets = [*SETTINGS, "all", *PROGRAMS.values()]
    if guarded:
        targets = ["VARIANT=san", "san=-fsanitize=address -DARENA_BLOCK=0", "CFLAGS=-O1 -g0", "CPPFLAGS=-w", *GUARDED.values()]
    made = subprocess.run(["make", "--no-print-directory", f"-j{jobs}", "-C", TREE, *targets], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        raise SystemExit(made.stdout.decode()[-4000:] + "the changed sources cannot be built")


#
# A worker: a process with a copy of the tree and a /tmp of its own, that ends all that it has started
#


def libc(name, *arguments):
    call = getattr(ctypes.CDLL(None, use_errno=True), name)
    if call(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def own_tmp(place):
    """Puts a folder of ours in the place of /tmp, where we may, and where we are not there ourselves."""
    if place.resolve().is_relative_to("/tmp"):
        return
    user, group = os.getuid(), os.getgid()
    new_mounts, new_user = 0x20000, 0x10000000
    try:
        libc("unshare", new_mounts | (new_user if user else 0))
        if user:
            pathlib.Path("/proc/self/setgroups").write_text("deny")
            pathlib.Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            pathlib.Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        private_recursive, bind = 0x44000, 0x1000
        libc("mount", b"none", b"/", None, private_recursive, None)
        libc("mount", str(place).encode(), b"/tmp", None, bind, None)
    except OSError as e:
        print(f"no /tmp of our own: {e}", file=sys.stderr)


class Worker:
    def __init__(self, number):
        self.place = WORK / f"worker-{number}"
        shutil.rmtree(self.place, ignore_errors=True)
        self.tree = self.place / "tree"
        shutil.copytree(TREE, self.tree, ignore=lambda path, names: [n for n in names if n.endswith((".o", ".a", ".d"))])
        (self.place / "tmp").mkdir(mode=0o1777)
        own_tmp(self.place / "tmp")
        libc("prctl", 36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans come to us
        self.reached = self.place / "reached"

    def end_all(self):
        """Kills what descends from us until nothing does."""
        while True:
            parents = {}
            for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
                try:
                    parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
                except (OSError, IndexError):
                    continue
            ours, more = {os.getpid()}, True
            while more:
                more = {pid for pid, parent in parents.items() if parent in ours} - ours
                ours |= more
            for pid in ours - {os.getpid()}:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            try:
                while os.waitpid(-1, 0)[0]:
                    break
            except ChildProcessError:
                return

    def run(self, command, limit, mutant=None, reached=None, guarded=False):
        """Returns the exit status, or None when the limit (seconds) was over."""
        environment = {k: v for k, v in os.environ.items() if k not in ("ARCWIRE_MUTANT", "ARCWIRE_REACHED")}
        if mutant:
            environment["ARCWIRE_MUTANT"] = str(mutant)
        if reached:
            environment["ARCWIRE_REACHED"] = str(reached)

        if guarded:
            environment["ASAN_OPTIONS"] = f"{GUARDS}:log_path={self.place}/sanitizer"
            for report in self.place.glob("sanitizer.*"):
                report.unlink()

        def limits():
            os.setsid()
            if not guarded:
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open(self.place / "output", "wb") as output:
            child = subprocess.Popen(command, cwd=self.tree, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.STDOUT, preexec_fn=limits)
            try:
                status = child.wait(limit)
            except subprocess.TimeoutExpired:
                status = None
        self.end_all()
        return status

    def tests(self, program, names, limit, fast=("--fail-fast",), **more):
        """Runs these tests up to the first that fails. Returns (over in time, the test that failed)."""
        tap = self.place / "tap"
        tap.unlink(missing_ok=True)
        programs = GUARDED if more.get("guarded") else PROGRAMS
        status = self.run([programs[program], "--jobs", "1", *fast, f"--tap={tap}", "--filter", "@(" + "|".join(names) + ")"], limit, **more)
        said = tap.read_text(errors="replace") if tap.exists() else ""
        failed = [m for m in re.findall(r"^not ok - (\S+)(.*)", said, re.M)]
        lates = [name for name, rest in failed if "timed out" in rest]
        failed = [name for name, rest in failed if "timed out" not in rest]
        if more.get("guarded") and not failed and self.is_reported():
            failed = ["(memory that is lost)"]
        if status is None or lates and not failed:
            return False, None
        if status and not failed and not more.get("guarded"):
            failed = ["(the test program itself)"]
        return True, failed[0] if failed else None

    def is_reported(self):
        """Whether the sanitizer complains of anything but what Criterion's own runner loses at times: see .ci/criterion."""
        reports = [r.read_text(errors="replace") for r in self.place.glob("sanitizer.*")]
        return any("LeakSanitizer: detected" not in r or "criterion_internal_test_main" in r or
                   re.search(r"^ *#[1-9](?!.*/libcriterion\.so)", r, re.M) for r in reports)

    def reach(self, kind, names):
        """What each of these tests of a program (or one suite) comes to: (it, whether it ends well, seconds, numbers of mutants)."""
        if kind == "suite":
            return [self.reach_suite(names[0])]
        rows = self.reached.with_suffix(".tests")
        rows.unlink(missing_ok=True)
        self.reached_clear()
        self.tests(kind, names, 60 + 10 * len(names), (), reached=self.reached)
        ended = time.monotonic()
        tap = (self.place / "tap").read_text(errors="replace") if (self.place / "tap").exists() else ""
        bad = {suite + "/" + name for suite, name in re.findall(r"^not ok - (\w+)::(\w+)", tap, re.M)}
        began = [line.split() for line in rows.read_text().splitlines()] if rows.exists() else []
        found = {name: [name not in bad and any(n == name for _, n in began), 0.0, self.reached_row(0)] for name in names}
        for row, (since, name) in enumerate(began, 1):  # a test with parameters has a row for each of them
            found[name][1] += (float(began[row][0]) if row < len(began) else ended) - float(since)
            found[name][2] |= self.reached_row(row)
        return [((kind, name), well, took, sorted(numbers)) for name, (well, took, numbers) in found.items()]

    def reach_suite(self, name):
        self.reached_clear()
        began = time.monotonic()
        status = self.run(SUITES[name], 300, reached=self.reached)
        return ("suite", name), status == 0, time.monotonic() - began, sorted(self.reached_row(0))

    def reached_clear(self):
        with open(self.reached, "wb") as file:
            file.truncate(HEAD + ROWS * (self.total + 2))

    def reached_row(self, row):
        with open(self.reached, "rb") as file:
            file.seek(HEAD + row * (self.total + 2))
            return {n for n, come in enumerate(file.read(self.total + 2)) if come}

    def harmless(self, program, names):
        """Which of the tests pass under the sanitizer without a mutant; those that start our programs do not."""
        if self.tests(program, names, 300, (), guarded=True)[1] == "(memory that is lost)":
            return []
        tap = (self.place / "tap").read_text(errors="replace") if (self.place / "tap").exists() else ""
        return [(program, f"{suite}/{name}") for suite, name in re.findall(r"^ok - (\w+)::(\w+) (?!.*# SKIP)", tap, re.M)]

    def kill_guarded(self, mutant, tests):
        """The same as kill, under the sanitizer."""
        seconds = {t[:2]: t[2] for t in tests}
        for program, names in lots_of(sorted(seconds)).values():
            limit = 20 + 40 * sum(seconds[program, name] for name in names)
            over, failed = self.tests(program, names, limit, mutant=mutant, guarded=True)
            if failed:
                return "killed", f"{failed}, sanitized"
            if not over:
                return "late", ""
        return "survived", ""

    def kill(self, mutant, tests):
        """tests: (program, name, seconds), quick ones first. Returns ("killed" | "survived" | "late", by what)."""
        late = 0
        units = [t for t in tests if t[0] != "suite"]
        while units:
            batch, spent, room = [], 0, 0.3 if len(units) == len([t for t in tests if t[0] != "suite"]) else 3
            while units and units[0][0] == (batch[0][0] if batch else units[0][0]) and (not batch or len(batch) < 60) and (
                    not batch or spent + units[0][2] < room):
                spent += units[0][2]
                batch.append(units.pop(0))
            over, failed = self.tests(batch[0][0], [t[1] for t in batch], 5 + 10 * spent, mutant=mutant)
            if failed:
                return "killed", failed
            if over:
                continue
            for t in batch:  # each by itself: which is it, does another fail, or was the machine merely busy?
                over, failed = self.tests(t[0], [t[1]], 10 + 20 * t[2], mutant=mutant)
                if failed:
                    return "killed", failed
                late += not over
                if late == LATE_MAX:
                    break
            if late == LATE_MAX:
                break
        for _, name, seconds in [t for t in tests if t[0] == "suite"]:
            status = self.run(SUITES[name], 20 + 10 * seconds, mutant=mutant)
            if status and self.run(SUITES[name], 20 + 10 * seconds, mutant=mutant):  # twice: a busy machine is no proof
                return "killed", f"suite, {name}"
            late += status is None
            if status is None:
                break
        return ("late" if late else "survived"), ""


def worker_main(number, total, tasks, results):
    def stopped(*_):
        worker.end_all()
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = Worker(number)
    signal.signal(signal.SIGTERM, stopped)
    libc("prctl", 1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG: nothing goes on without the one that wants to know
    worker.total = total
    for task in iter(tasks.get, None):
        try:
            results.put((task[1], getattr(worker, task[0])(*task[2])))
        except Exception:  # nobody waits for what will not come
            results.put((None, traceback.format_exc()))
            raise


class Crew:
    def __init__(self, jobs, total):
        self.tasks, self.results = multiprocessing.SimpleQueue(), multiprocessing.SimpleQueue()
        self.workers = [multiprocessing.Process(target=worker_main, args=(i, total, self.tasks, self.results), daemon=True)
                        for i in range(jobs)]
        for worker in self.workers:
            worker.start()

    def each(self, what, arguments):
        """Yields (key, result) as they come."""
        left = len(arguments)
        queue = iter(arguments.items())
        for _ in range(2 * len(self.workers)):
            if (item := next(queue, None)):
                self.tasks.put((what, item[0], item[1]))
        while left:
            key, result = self.results.get()
            if key is None:
                raise SystemExit(result)
            yield key, result
            left -= 1
            if (item := next(queue, None)):
                self.tasks.put((what, item[0], item[1]))

    def end(self):
        for _ in self.workers:
            self.tasks.put(None)
        for worker in self.workers:
            worker.join()


#
# Tests, and what they reach
#


def tests_listed():
    for program, path in PROGRAMS.items():
        listed = subprocess.run([TREE / path, "--list"], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout
        suite = None
        for line in listed.splitlines():
            if (head := re.match(r"(\w+): \d+ tests?", line)):
                suite = head.group(1)
            else:
                yield program, f"{suite}/{line.split()[1]}"
    for name in SUITES:
        yield "suite", name


def lots_of(tests):
    """Shares tests out among runs: a suite each, and tests of one program as many as a pattern can name."""
    lots = []
    for kind, name in sorted(tests, key=lambda t: t[0] != "suite"):
        if kind == "suite" or not lots or lots[-1][0] != kind or sum(map(len, lots[-1][1])) + len(name) > PATTERN_MAX:
            lots.append((kind, []))
        lots[-1][1].append(name)
    return dict(enumerate(lots))


def reach_all(crew, longest):
    """By mutant number, the tests that come to it as (program, name, seconds), quick and special ones first."""
    kept = WORK / "reach.json"
    built = hashlib.sha256()
    for path in [*PROGRAMS.values(), f"{BUILD}/arcwire", f"{BUILD}/peers/reference", f"{BUILD}/peers/flawed"]:
        built.update((TREE / path).read_bytes())
    known = json.loads(kept.read_text()) if kept.exists() else {}
    if known.get("built") != built.hexdigest():
        found, left = {}, list(tests_listed())
        for _ in range(TRIES):  # what fails on a busy machine is no failure yet
            for _, results in crew.each("reach", lots_of(left)):
                found.update({tuple(test): result for test, *result in results})
            left = [test for test, (well, _, _) in found.items() if not well]
        if left:
            raise SystemExit(f"fails {TRIES} times without any mutant: " + ", ".join(" ".join(t) for t in left))
        known = {"built": built.hexdigest(), "found": list(found.items())}
        kept.write_text(json.dumps(known))
    found = {tuple(test): result for test, result in known["found"] if result[1] <= longest or test[0] == "suite"}
    reaching = collections.defaultdict(list)
    for test, (_, took, numbers) in sorted(found.items(), key=lambda f: (f[0][0] == "suite", round(f[1][1], 1), len(f[1][2]), f[0])):
        for n in numbers:
            reaching[n].append((*test, took))
    return reaching


def guarded_fates(jobs, total, reaching):
    """Mutants that survived get the short tests once more, where a byte read behind the end of anything is a failure."""
    tree_build(jobs, guarded=True)
    crew = Crew(jobs, total)
    short = {t for tests in reaching.values() for t in tests if t[0] != "suite" and t[2] <= GUARDED_LONGEST}
    well = {t for _, found in crew.each("harmless", lots_of(sorted({t[:2] for t in short}))) for t in found}
    tries = {n: (n, [t for t in tests if t in short and t[:2] in well]) for n, tests in reaching.items()}
    yield from crew.each("kill_guarded", tries)
    crew.end()


#
# Reasons: a paragraph each, with the mutants it is for below, indented. A * at the end stands for anything.
#


def reasons_read():
    rows, reason, fresh = [], "", True
    for line in (ROOT / HERE / "survivors.txt").read_text().splitlines():
        if line.startswith("    "):
            rows.append((line.strip(), reason))
            fresh = True
        elif line.strip() and not line.startswith("#"):
            reason, fresh = (line.strip() if fresh else f"{reason} {line.strip()}"), False
    return rows


def is_meant(name, pattern):
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def reason_for(name, rows):
    return next((reason for pattern, reason in rows if is_meant(name, pattern)), None)


def module_of(mutant):
    return next(d for d in MODULES + OPTIONAL if mutant.file == d or mutant.file.startswith(d + "/"))


def drawn(mutants, count, seed):
    """So many of them, of each module the same number, as far as it has as many."""
    order = collections.defaultdict(list)
    for m in sorted(mutants, key=lambda m: m.drawn(seed)):
        order[module_of(m)].append(m)
    ranked = [(rank, module, m) for module, of_it in order.items() for rank, m in enumerate(of_it)]
    return [m for _, _, m in sorted(ranked, key=lambda r: r[:2])][:count]


def main():
    parser = argparse.ArgumentParser(description="Changes our sources and tells which changes no test notices.")
    parser.add_argument("--module", action="append", help="a folder or file; " + ", ".join(MODULES) + " unless told")
    parser.add_argument("--sample", type=int, help="so many, drawn from those without a written reason")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--match", help="only mutants with this in their name")
    parser.add_argument("--again", type=pathlib.Path, metavar="FILE", help="those that an earlier run's progress.txt does not call killed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--longest", type=float, default=1e9, help="leave out tests that take more seconds: quicker, and the score may be too low")
    parser.add_argument("--check", action="store_true", help="fail on reasons for what is no more, too")
    parser.add_argument("--count", action="store_true", help="only tell how many there are")
    parser.add_argument("--out", default=WORK / "result.json", type=pathlib.Path)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    os.chdir(ROOT)
    began = time.monotonic()
    WORK.mkdir(parents=True, exist_ok=True)

    mutants, sources = mutants_read()
    rows = reasons_read()
    wanted = [m for m in mutants if any(m.file == d or m.file.startswith(d + "/") for d in options.module or MODULES)]
    if options.match:
        wanted = [m for m in wanted if options.match in m.name]
    if options.again:
        earlier = [line.split("\t") for line in options.again.read_text().splitlines()]
        again = {name.rpartition(" (line")[0] for fate, _, name in earlier if fate != "killed"}
        wanted = [m for m in wanted if m.name in again]
    excused = {m.name for m in wanted if reason_for(m.name, rows)}
    stale = [pattern for pattern, _ in rows if not any(is_meant(m.name, pattern) for m in mutants)]
    chosen = wanted
    if options.sample:
        chosen = drawn([m for m in wanted if m.name not in excused], options.sample, options.seed)
    print(f"{len(wanted)} mutants, {len(excused)} with a written reason to survive; {len(chosen)} are tried")
    if options.count:
        return 0
    tree_make(sources, chosen, len(mutants))
    tree_build(options.jobs)
    built = time.monotonic()
    crew = Crew(options.jobs, len(mutants))
    reaching = reach_all(crew, options.longest)
    reached = time.monotonic()
    print(f"built in {built - began:.0f} s; what tests reach was found in {reached - built:.0f} s", flush=True)

    by_number = {m.number: m for m in chosen}
    fates = {m.number: ("survived", "no test comes here") for m in chosen if not reaching[m.number]}
    log = open(WORK / "progress.txt", "w")
    tries = {m.number: (m.number, reaching[m.number]) for m in sorted(chosen, key=lambda m: m.drawn(options.seed))
             if m.number not in fates}
    for number, fate in crew.each("kill", tries):
        fates[number] = fate
        print(fate[0], fate[1], f"{by_number[number].name} (line {by_number[number].line})", sep="\t", file=log, flush=True)
    crew.end()
    left = {n for n, fate in fates.items() if fate[0] == "survived" and reaching[n]}
    if left:
        for number, fate in guarded_fates(options.jobs, len(mutants), {n: reaching[n] for n in left}):
            fates[number] = fate
            print(*fate, f"{by_number[number].name} (line {by_number[number].line})", sep="\t", file=log, flush=True)

    alone, sums = [], collections.defaultdict(collections.Counter)
    for m in sorted(chosen, key=lambda m: m.number):
        fate, by = fates[m.number]
        module = module_of(m)
        sums[module][fate] += 1
        sums[module]["excused"] += fate != "killed" and m.name in excused
        if fate != "killed" and m.name not in excused:
            alone.append(m)
            print(f"{m.file}:{m.line}: {'hangs' if fate == 'late' else 'survives' + (', ' + by if by else '')}\n    {m.name}")
        if fate == "killed" and m.name in excused:
            print(f"{m.file}:{m.line}: is killed by {by}, but a reason says that it survives\n    {m.name}")
    options.out.write_text(json.dumps([{"mutant": m.name, "line": m.line, "kind": m.kind, "fate": fates[m.number][0],
                                        "by": fates[m.number][1], "reason": reason_for(m.name, rows)} for m in chosen], indent=1))
    for pattern in stale:
        print(f"survivors.txt: there is no mutant {pattern}")
    for module, sum_ in sums.items():
        total = sum_["killed"] + sum_["survived"] + sum_["late"]
        print(f"{module:24s} {total:5d} tried, {sum_['killed']:5d} killed ({100 * sum_['killed'] / total:.1f} of 100), "
              f"{sum_['survived']} survive, {sum_['late']} hang; {sum_['excused']} of these have a reason")
    total = len(chosen)
    killed = sum(f[0] == "killed" for f in fates.values())
    print(f"{killed} of {total} mutants killed, {len(alone)} survive without a reason; {time.monotonic() - began:.0f} s")
    return 1 if alone or options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

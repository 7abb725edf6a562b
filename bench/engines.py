"""What the comparisons share: which engines there are, where their indexes
are, and running one of their programs alone on one core.

An engine is a harness with an index. The harness X is DIR/X/bin/X-query and
X-index (README.md has their contract). Its index is WORK/X; a variant of it,
indexed with other options, is X-NAME at WORK/X-NAME.
"""
import dataclasses
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = "parasol"
PROGRAM = ROOT / "build/release/bench/parasol-bench"

# Options for X-index: what each engine needs to end with one segment, and the
# variants that are looked for.
INDEX_OPTIONS = {"tantivy": "--merge", "lucene": "--merge",
                 "lucene-bp": "--merge --bp"}
# Columns come in this order, others behind them.
ORDER = [OURS, "tantivy", "lucene", "lucene-bp", "seekstorm", "xapian", "sqlite"]


@dataclasses.dataclass
class Engine:
    name: str
    query: list       # the command, up to the index
    build: list
    index: pathlib.Path
    query_options: list = dataclasses.field(default_factory=list)
    index_options: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Ran:
    status: int
    out: str
    err: str
    wall: float       # seconds
    cpu: float
    rss: int          # bytes, the largest


def last_core():
    return max(os.sched_getaffinity(0))


def run(command, core):
    """Runs a command to its end: on one core, or with --jobs N on that and
    those before it."""
    threads = 1
    if "--jobs" in command:
        threads = int(command[command.index("--jobs") + 1])
    def pin():
        os.sched_setaffinity(0, set(range(max(0, core - threads + 1),
                                          core + 1)))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = subprocess.Popen([str(c) for c in command], stdout=out,
                                 stderr=err, stdin=subprocess.DEVNULL,
                                 preexec_fn=pin)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ran(child.returncode, out.read().decode("utf-8", "replace"),
                   err.read().decode("utf-8", "replace"), wall,
                   used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def complain(ran, command):
    """Says that a command failed, with the end of what it said itself."""
    lines = ran.err.strip().splitlines() or ["(it said nothing)"]
    say(f"{shlex.join(map(str, command))}: status {ran.status}")
    for line in lines[-3:]:
        say("   ", line)


# ---- which engines there are ------------------------------------------------

def add_options(parser):
    parser.add_argument("--peers", action="append", default=[], metavar="DIR",
                        help="folder with harnesses DIR/X/bin/X-query; the "
                        "first of several folders that has X wins")
    parser.add_argument("--work", type=pathlib.Path, metavar="DIR",
                        help="folder of the indexes: DIR/parasol, DIR/X, "
                        "DIR/X-VARIANT")
    parser.add_argument("--at", action="append", default=[],
                        metavar="NAME=DIR", help="an index that is elsewhere")
    parser.add_argument("--only", metavar="NAMES",
                        help="these engines besides ours, with commas")
    parser.add_argument("--ours", type=pathlib.Path, default=PROGRAM,
                        metavar="PROGRAM", help="parasol-bench (%(default)s)")
    parser.add_argument("--index-args", action="append", default=[],
                        metavar="NAME=ARGS", help="options for indexing with "
                        "an engine; NAME may be a new variant X-NAME")
    parser.add_argument("--core", type=int, default=last_core(),
                        help="the core to run on (%(default)s)")


def named(pairs):
    """["a=b"] -> {"a": "b"}"""
    for pair in pairs:
        if "=" not in pair:
            sys.exit(f"{pair}: NAME=... is wanted")
    return dict(pair.split("=", 1) for pair in pairs)


def harnesses(folders):
    """name -> its folder of programs"""
    found = {}
    for folder in folders:
        for query in sorted(pathlib.Path(folder).glob("*/bin/*-query")):
            name = query.parent.parent.name
            if query.name == f"{name}-query" and os.access(query, os.X_OK):
                found.setdefault(name, query.parent)
    return found


def harness_of(name, known):
    """The harness of an engine or of a variant of it, or None."""
    while name not in known and "-" in name:
        name = name.rpartition("-")[0]
    return name if name in known else None


def find(options, building=False):
    """Ours and then the peers: those that have an index, or, when building,
    those that could have one."""
    known = {OURS: None, **harnesses(options.peers)}
    at = {name: pathlib.Path(d) for name, d in named(options.at).items()}
    index_options = {**INDEX_OPTIONS, **named(options.index_args)}
    wanted = [*ORDER, *known, *index_options, *at]
    if options.work and options.work.is_dir():
        wanted += sorted(p.name for p in options.work.iterdir() if p.is_dir())
    wanted = [n for n in dict.fromkeys(wanted) if harness_of(n, known)]
    if options.only is not None:
        only = [OURS, *filter(None, options.only.split(","))]
        for name in set(only) - set(wanted):
            sys.exit(f"{name}: neither a harness nor a variant of one")
        wanted = [name for name in wanted if name in only]
    engines = []
    for name in wanted:
        harness = harness_of(name, known)
        index = at.get(name) or (options.work and options.work / name)
        if not index or not (building or index.exists()):
            continue
        if harness == OURS:
            query, build = ([str(options.ours.resolve()), verb]
                            for verb in ("query", "index"))
        else:
            query, build = ([str(known[harness] / f"{harness}-{verb}")]
                            for verb in ("query", "index"))
        engines.append(Engine(name, query, build, index, [],
                              shlex.split(index_options.get(name, ""))))
    if not engines or engines[0].name != OURS:
        sys.exit(f"no index of ours: --at {OURS}=DIR, or --work DIR with "
                 f"DIR/{OURS}")
    return engines


# ---- indexing ---------------------------------------------------------------

def build_index(engine, documents, core):
    """Indexes anew. What ran, or None after a complaint."""
    if engine.index.exists():
        shutil.rmtree(engine.index)
    engine.index.parent.mkdir(parents=True, exist_ok=True)
    command = [*engine.build, documents, engine.index, *engine.index_options]
    say("indexing with", engine.name)
    ran = run(command, core)
    if ran.status:
        complain(ran, command)
        return None
    return ran


def files(index):
    """(path, bytes) of an index; locks and other empty files left out."""
    for path in sorted(index.rglob("*")):
        if path.is_file() and path.stat().st_size:
            yield path, path.stat().st_size

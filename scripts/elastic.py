"""A genuine Elasticsearch for tests and development: fetched once, unpacked for each start.

Elastic publishes a bare server to Maven Central. It lacks the modules of the full distribution
(no ``GET /``, no scripts, no language analysers), and search here needs none of them.
Standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from kit import fail, run_quietly

#: Set by whoever has a server of their own: it is used, and none is fetched or started.
VARIABLE = "ELASTICSEARCH_URL"
VERSION = "8.19.21"
SHA256 = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
JAVA = 17
#: What the server needs for the tests' documents; it takes a third of that again beside its heap.
HEAP = "512m"
# A compiler that thinks long does not pay off within minutes, and one collector's thread is enough.
JAVA_OPTIONS = f"-Xms{HEAP} -Xmx{HEAP} -XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC"
SETTINGS = """\
cluster.name: kaifong-tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


def given() -> bool:
    """Say whether a server is named already."""
    return bool(os.environ.get(VARIABLE, "").strip())


def archive() -> Path:
    """Return where the fetched server is kept: outside the checkout, for all checkouts."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return cache / "kaifong" / f"elasticsearch-{VERSION}.zip"


def java_home() -> Path | None:
    """Return the home of a Java that is new enough and that an account without rights may run."""
    named = os.environ.get("JAVA_HOME", "")
    found = shutil.which("java")
    homes = [Path(named)] if named else []
    homes += [Path(found).resolve().parents[1]] if found else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    return next((home for home in homes if _for_all(home) and _version(home) >= JAVA), None)


def _for_all(home: Path) -> bool:
    """Say whether everybody may go there: a Java below /root is root's alone."""
    if os.geteuid() != 0:
        return True
    place = home.resolve()
    return place.exists() and all(
        each.stat().st_mode & stat.S_IXOTH for each in (place, *place.parents)
    )


def _version(home: Path) -> int:
    try:
        done = subprocess.run(
            [home / "bin" / "java", "-version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    said = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return int(said[1]) if said else 0


def fetched() -> Path:
    """Return the pinned archive, fetched by Maven where it is not kept yet."""
    target = archive()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{target.parent} cannot be made: {error.strerror}.", "name another XDG_CACHE_HOME.")
    # Two starts at once fetch it once.
    with (target.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists() and _digest(target) == SHA256:
            return target
        target.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            _fetch(Path(folder)).replace(target)
    return target


def _fetch(folder: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        fail(
            "Maven, which fetches Elasticsearch, is not installed.",
            f"scripts/services install, or name a server of yours in {VARIABLE}.",
        )
    # Not on the output, which `eval` reads.
    print(f"Fetching Elasticsearch {VERSION} (107 MB, once)", file=sys.stderr, flush=True)
    command = [maven, "-B", "-q", COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    code, output = run_quietly(command, cwd=folder)
    got = next(folder.glob("*.zip"), None)
    if code or got is None:
        print(output, file=sys.stderr)
        fail(
            f"Maven could not fetch Elasticsearch {VERSION}; its last lines are above.",
            f"check the network and try again, or name a server of yours in {VARIABLE}.",
        )
    if _digest(got) != SHA256:
        fail(
            f"the fetched Elasticsearch {VERSION} is not the one that is pinned.",
            "do not go on with it: check where Maven takes its packages from, then try again.",
        )
    return got


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(folder: Path, who: pwd.struct_passwd | None) -> Path:
    """Unpack the server into its own folder, for its own account; return its program."""
    with zipfile.ZipFile(fetched()) as packed:
        packed.extractall(folder)
    home = folder / f"elasticsearch-{VERSION}"
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    (folder / "tmp").mkdir()
    if who:
        for each in (folder, *folder.rglob("*")):
            os.chown(each, who.pw_uid, who.pw_gid)
    return home / "bin" / "elasticsearch"


def configure(program: Path, folder: Path, *, http: int, transport: int) -> None:
    """Write the settings of a server for this machine alone."""
    (program.parents[1] / "config" / "elasticsearch.yml").write_text(
        SETTINGS.format(http=http, transport=transport, folder=folder)
    )


def environment(folder: Path, java: Path) -> dict[str, str]:
    """Return what the server reads from its environment."""
    return {
        "ES_JAVA_HOME": str(java),
        "ES_JAVA_OPTS": JAVA_OPTIONS,
        "ES_TMPDIR": str(folder / "tmp"),
    }


def healthy(port: int) -> bool:
    """Ask whether it answers and can be written to. No proxy stands before this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/_cluster/health", timeout=2) as answer:
            return json.load(answer).get("status") in {"green", "yellow"}
    except (OSError, ValueError, urllib.error.URLError):
        return False

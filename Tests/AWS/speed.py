"""How long an object takes from a bucket: mhpipe beside a bare loop over libcurl that only downloads and decompresses.

`speed.py TOOLS BENCH SIZE`: the programs, where input is kept, and how much text; the objects are in SeaweedFS on this machine.
First as they come, then with 20 ms before each request, as from a bucket in the same region.
"""

import asyncio
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import bucket as aws

# The tests read the command line when they are imported.
ARGUMENTS, sys.argv[2:] = sys.argv[1:4], []
sys.path.append(str(pathlib.Path(__file__).parents[1] / "Benchmarks"))
import corpus  # noqa: E402
import s3  # noqa: E402

ROUNDS = 5
AT_ONCE = 64


class Delay(asyncio.Protocol):
    """One connection through which what the client says comes later."""

    def __init__(self, port, seconds):
        self.port, self.seconds = port, seconds

    def connection_made(self, transport):
        self.client, self.early = transport, []
        self.server = None
        asyncio.ensure_future(self.connect())

    async def connect(self):
        outer = self

        class Back(asyncio.Protocol):
            def data_received(self, data):
                outer.client.write(data)

            def connection_lost(self, error):
                outer.client.close()

        self.server, _ = await asyncio.get_running_loop().create_connection(Back, "127.0.0.1", self.port)
        for data in self.early:
            self.later(data)

    def later(self, data):
        asyncio.get_running_loop().call_later(self.seconds, self.server.write, data)

    def data_received(self, data):
        if self.server:
            self.later(data)
        else:
            self.early.append(data)

    def connection_lost(self, error):
        if self.server:
            self.server.close()


def delayed(port, seconds):
    """The port of a proxy that runs beside this thread."""
    made = threading.Event()
    ports = []

    async def serve():
        server = await asyncio.get_running_loop().create_server(lambda: Delay(port, seconds), "127.0.0.1", 0, backlog=256)
        ports.append(server.sockets[0].getsockname()[1])
        made.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    made.wait()
    return ports[0]


def measured(limits, folder, command, environment):
    """Seconds and peak bytes of a command, and what it printed."""
    figures = folder / "figures.json"
    result = subprocess.run([limits, "measure", figures, *command], env=environment, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"exit {result.returncode}: {' '.join(map(str, command))}\n{result.stderr}")
    seconds, peak = re.search(r'"seconds":([\d.]+).*"peak":(\d+)', figures.read_text()).groups()
    return float(seconds), int(peak), result.stdout


def compare(label, mhpipe, limits, folder, url, keys):
    addresses = folder / "addresses"
    addresses.write_text("".join(f"{url}/trail/{urllib.parse.quote(key)}\n" for key in keys))
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET,
        "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url,
    }
    bare = [folder / "fetch", addresses, str(AT_ONCE), f"{aws.ACCESS}:{aws.SECRET}"]
    ratios, times, peak = [], [], 0
    for number in range(ROUNDS + 1):
        floor, _, printed = measured(limits, folder, bare, environment)
        output = folder / "out.jsonl"
        taken, most, _ = measured(limits, folder, [mhpipe, "convert", "s3://trail/", output, "--hub", "--quiet"], environment)
        output.unlink()
        if number:
            ratios.append(taken / floor)
            times.append(taken)
            peak = max(peak, most)
    speed = int(printed) / statistics.median(times) / 1e6
    print(
        f"{label}: {statistics.median(ratios):.3f} times the bare loop ({min(ratios):.3f} to {max(ratios):.3f}), "
        f"{speed:.0f} MB of text in a second, {peak / 1e6:.0f} MB of memory",
        flush=True,
    )


def main():
    tools, bench = (pathlib.Path(word).resolve() for word in ARGUMENTS[:2])
    mhpipe, limits = tools / "mhpipe", tools / "mhpipe-limits"
    trail = corpus.Corpus(bench / "corpus", corpus.size(ARGUMENTS[2]))
    tree = trail.make(tools / "mhpipe-corpus", ["gzip"]).path("gzip")
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory(prefix="mhpipe-speed-", dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        source = pathlib.Path(__file__).with_name("fetch.c")
        subprocess.run(["cc", "-O2", "-o", folder / "fetch", source, "-l:libcurl.so.4", "-ldeflate"], check=True)
        with s3.seaweed(folder) as (client, url):
            client.delete_object(Bucket="trail", Key="ready")
            keys = [str(path.relative_to(tree)) for path in files]
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda pair: client.put_object(Bucket="trail", Key=pair[1], Body=pair[0].read_bytes()), zip(files, keys)))
            print(f"{len(keys)} objects, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB", flush=True)
            compare("as they come", mhpipe, limits, folder, url, keys)
            port = delayed(int(url.rsplit(":", 1)[1]), 0.02)
            compare("20 ms before each request", mhpipe, limits, folder, f"http://127.0.0.1:{port}", keys)


if __name__ == "__main__":
    main()

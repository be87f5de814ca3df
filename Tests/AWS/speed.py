"""How long an object takes from a bucket: mhpipe beside a bare loop over libcurl that only downloads and decompresses.

`speed.py TOOLS BENCH SIZE`: the programs, where input is kept, and how much text; the objects are in SeaweedFS on this machine.
First from files, then from the bucket as they come, then with 20 ms before each request, as from a bucket in the same region.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import bucket as aws
import delay

sys.path.append(str(pathlib.Path(__file__).parents[1] / "Benchmarks"))
import corpus  # noqa: E402
import seaweed  # noqa: E402

ROUNDS = 5
AT_ONCE = 64
FLOOR = "the bare loop"


def measured(limits, folder, command, environment):
    """What a command took, and what it printed."""
    figures = folder / "figures.json"
    before = seaweed.processor_seconds()
    result = subprocess.run([limits, "measure", figures, *command], env=environment, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"exit {result.returncode}: {' '.join(map(str, command))}\n{result.stderr}")
    taken = json.loads(figures.read_text())
    taken |= {"processor": taken["user"] + taken["system"], "server": seaweed.processor_seconds() - before}
    return taken, result.stdout


def median(rounds, what):
    return statistics.median(taken[what] for taken in rounds)


def in_words(ratios):
    return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


def compare(label, commands, limits, folder, environment):
    """Runs commands in turn, the floor first; what each took in each round behind the first."""
    taken = {name: [] for name in commands}
    for number in range(ROUNDS + 1):
        for name, command in commands.items():
            figures, printed = measured(limits, folder, command, environment)
            if name == FLOOR:
                text = int(printed.split()[0])
            if number:
                taken[name].append(figures)
    print(f"{label}:", flush=True)
    for name, rounds in taken.items():
        ratios = [own["seconds"] / floor["seconds"] for own, floor in zip(rounds, taken[FLOOR])]
        line = f"  {name}: {median(rounds, 'seconds'):.2f} s"
        line += "" if name == FLOOR else f", {in_words(ratios)} times {FLOOR}"
        line += f", {text / median(rounds, 'seconds') / 1e6:.0f} MB of text in a second, {max(own['peak'] for own in rounds) / 1e6:.0f} MB of memory"
        line += f"; processor time {median(rounds, 'processor'):.2f} s"
        server = median(rounds, "server")
        print(line + (f", {server:.2f} s of the server beside it" if server > 0.05 else ""), flush=True)
    return taken


def compare_bucket(label, mhpipe, limits, folder, url, keys):
    addresses = folder / "addresses"
    addresses.write_text("".join(f"{url}/trail/{urllib.parse.quote(key)}\n" for key in keys))
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET,
        "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url,
    }
    commands = {
        FLOOR: [folder / "fetch", addresses, str(AT_ONCE), f"{aws.ACCESS}:{aws.SECRET}"],
        "mhpipe": [mhpipe, "convert", "s3://trail/", folder / "out.jsonl", "--hub", "--quiet", "--force"],
    }
    return compare(label, commands, limits, folder, environment)


def say_least(bucket, files):
    """What the ratio would be if mhpipe took nothing for the bucket beyond what the loop takes."""
    def whole(rounds):
        return statistics.median(taken["processor"] + taken["server"] for taken in rounds)

    records = median(files["mhpipe"], "processor") - median(files[FLOOR], "processor")
    floor, own = whole(bucket[FLOOR]), whole(bucket["mhpipe"])
    cores = floor / median(bucket[FLOOR], "seconds"), own / median(bucket["mhpipe"], "seconds")
    print(
        f"processor time with the server's: the bare loop {floor:.2f} s on {cores[0]:.2f} cores at once, mhpipe {own:.2f} s on {cores[1]:.2f}, "
        f"{own / floor:.3f} times as much; from files mhpipe takes {records:.2f} s more than to decompress them, for the records, "
        f"so that {(floor + records) / floor:.3f} times is the least",
        flush=True,
    )


def main():
    tools, bench = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    mhpipe, limits = tools / "mhpipe", tools / "mhpipe-limits"
    trail = corpus.Corpus(bench / "corpus", corpus.size(sys.argv[3]))
    tree = trail.make(tools / "mhpipe-corpus", ["gzip"]).path("gzip")
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory(prefix="mhpipe-speed-", dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        source = pathlib.Path(__file__).with_name("fetch.c")
        subprocess.run(["cc", "-O2", "-o", folder / "fetch", source, "-l:libcurl.so.4", "-l:libcrypto.so.3", "-ldeflate"], check=True)
        with seaweed.seaweed(folder) as (client, url):
            client.delete_object(Bucket="trail", Key="ready")
            keys = [str(path.relative_to(tree)) for path in files]
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda pair: client.put_object(Bucket="trail", Key=pair[1], Body=pair[0].read_bytes()), zip(files, keys)))
            print(f"{len(keys)} objects, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB", flush=True)
            commands = {
                FLOOR: [limits, "gunzip", tree, "2"],
                "mhpipe": [mhpipe, "convert", tree, folder / "out.jsonl", "--hub", "--quiet", "--force"],
            }
            from_files = compare("from files", commands, limits, folder, {"PATH": "/usr/bin:/bin", "HOME": str(folder)})
            say_least(compare_bucket("from the bucket", mhpipe, limits, folder, url, keys), from_files)
            port = delay.port(int(url.rsplit(":", 1)[1]), 0.02)
            compare_bucket("from the bucket, 20 ms before each request", mhpipe, limits, folder, f"http://127.0.0.1:{port}", keys)


if __name__ == "__main__":
    main()

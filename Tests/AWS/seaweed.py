"""SeaweedFS as a server of S3, where it can be had."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import bucket as aws

# The numbers of the processes that run.
running = []

# Where the tests of S3 have it, for those that run elsewhere.
OTHER = pathlib.Path(__file__).resolve().parents[2] / ".build" / "aws" / "bin" / "weed"


def program():
    """The path of the program; None where it is not installed."""
    paths = (pathlib.Path(sys.executable).parent / "weed", OTHER)
    return next((path for path in paths if path.exists()), None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processor_seconds():
    """What the servers that run have taken so far, in user and system mode."""
    ticks = 0
    for number in running:
        fields = pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def seaweed(folder, bucket="trail"):
    """A server with an empty bucket: a client of it, and its address."""
    identity = {"name": "t", "credentials": [{"accessKey": aws.ACCESS, "secretKey": aws.SECRET}], "actions": ["Admin", "Read", "Write", "List"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    data = folder / "weed"
    data.mkdir()
    process = subprocess.Popen(
        [program(), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={folder}/s3.json",
         "-master.volumeSizeLimitMB=64", "-volume.max=100", "-s3.port.iceberg=0", "-s3.port.lance=0"] + [f"-{name}.port={port}" for name, port in ports.items()]
        + [f"-{name}.port.grpc={free_port()}" for name in ("master", "volume", "filer", "s3")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    running.append(process.pid)
    try:
        import botocore.config
        import botocore.session

        url = f"http://127.0.0.1:{ports['s3']}"
        config = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=1, read_timeout=5)
        client = botocore.session.Session().create_client(
            "s3", endpoint_url=url, aws_access_key_id=aws.ACCESS, aws_secret_access_key=aws.SECRET, region_name="us-east-1", config=config)
        end = time.monotonic() + 60
        while True:
            try:
                client.create_bucket(Bucket=bucket)
                client.put_object(Bucket=bucket, Key="ready", Body=b"x")
                break
            except Exception:
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError("SeaweedFS does not start") from None
                time.sleep(0.3)
        yield client, url
    finally:
        running.remove(process.pid)
        # A plain end takes it half a minute.
        process.kill()
        process.wait()

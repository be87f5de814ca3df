"""Holds what `ocsf` and `ecs` write against the published schemas, for every event of the samples.

usage: formats.py MHPIPE [FOLDER...]

The samples are pipelines/sample, cases.jsonl beside this file, the public ones in MHPIPE_SHARED_DATA where that is set, and
the folders that are named. OCSF is held against the JSON schema of every version that `ocsf` takes, with the captions of its
numbers, as the package ocsf-json-schema has them; without it the script says so and ends with 0. ECS is held against the fields
in fields.txt. With ECS_PAIRS, the folder `packages/aws/data_stream/cloudtrail/_dev/test/pipeline` of a checkout of
elastic/integrations, or one of the same form, every pair of a log and what Elastic's pipeline makes of it is compared too.
"""

import datetime
import ipaddress
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    from jsonschema import Draft202012Validator
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
except ImportError as error:
    print(f"note: {error}; without ocsf-json-schema there is nothing to compare with (pip install ocsf-json-schema)")
    sys.exit(0)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERSIONS = ["1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0"]
# The folders of the shared data that hold trails.
PUBLIC = [
    "OTRF+Security-Datasets", "awsdocs+amazon-migrationhub-user-guide", "awsdocs+aws-cloudtrail-user-guide",
    "cloud-custodian+cloud-custodian", "flosell+trailscraper", "invictus-ir+aws_dataset", "log2timeline+plaso",
    "synthetic-small", "umccr+cloudtrail-parquet-lambda",
]
PIPELINE = """\
pipeline: formats
sources:
  logs: {type: %s, path: %s}
transforms:
%s
sinks:
  out: {type: jsonl, path: "-"}
"""


def convert(mhpipe, path, transforms):
    """The events of a file or folder behind some transforms; damage is the reader's business and no matter here."""
    kind = "directory" if path.is_dir() else "file"
    stages = "".join(f"  t{number}: {text}\n" for number, text in enumerate(transforms))
    with tempfile.TemporaryDirectory() as folder:
        conf = pathlib.Path(folder, "formats.conf")
        conf.write_text(PIPELINE % (kind, json.dumps(str(path)), stages or "  {}"))
        done = subprocess.run([mhpipe, "run", conf, "--quiet"], capture_output=True, cwd=folder)
        assert done.returncode in (0, 3, 4), done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def originals(mhpipe, path):
    return convert(mhpipe, path, ["{type: sample, rate: 1}"])[0]


# OCSF

class Schema:
    """One version of OCSF."""

    def __init__(self, version):
        self.version = version
        self.raw = get_ocsf_schema(version)
        self.embedded = OcsfJsonSchemaEmbedded(self.raw)
        self.validators = {}

    def validator(self, event):
        key = event["class_uid"], tuple(event["metadata"]["profiles"])
        if key not in self.validators:
            name = self.embedded.lookup_class_name_from_uid(key[0])
            self.validators[key] = Draft202012Validator(self.embedded.get_class_schema(name, list(key[1])))
        return self.validators[key]

    def mistakes(self, event):
        found = [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in self.validator(event).iter_errors(event)]
        entry = self.raw["classes"][self.embedded.lookup_class_name_from_uid(event["class_uid"])]
        found += self.captions(event, entry["attributes"], "")
        expected = {
            "class_name": entry["caption"],
            "category_uid": event["class_uid"] // 1000,
            "category_name": entry["category_name"],
            "type_uid": event["class_uid"] * 100 + event["activity_id"],
            "type_name": f"{entry['caption']}: {self.caption(entry['attributes']['activity_id'], event['activity_id'])}",
        }
        found += [f"{key}: {event[key]!r} is not {value!r}" for key, value in expected.items() if event[key] != value]
        return found

    @staticmethod
    def caption(attribute, value):
        return attribute["enum"][str(value)]["caption"]

    def captions(self, value, attributes, path):
        """Numbers with a caption beside them, at any depth; 99 has a word of the source."""
        found = []
        for key, child in value.items():
            attribute = attributes[key] if key in attributes else {}
            sibling = {"type_uid": "type_name", "class_uid": "class_name", "category_uid": "category_name",
                       "activity_id": "activity_name"}.get(key, key.removesuffix("_id"))
            if "enum" in attribute and key.endswith("_id") and child != 99 and sibling in value:
                if value[sibling] != self.caption(attribute, child):
                    found.append(f"{path}{sibling}: {value[sibling]!r} is not the caption of {child}")
            if attribute.get("type") == "object_t" and attribute["object_type"] != "object":
                inner = self.raw["objects"][attribute["object_type"]]["attributes"]
                for element in child if isinstance(child, list) else [child]:
                    found += self.captions(element, inner, f"{path}{key}.")
        return found


def leaves(value, path=""):
    """The paths of what is no object, with the elements of lists as one."""
    if isinstance(value, dict) and value:
        for key, child in value.items():
            yield from leaves(child, f"{path}{key}.")
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child, path)
    else:
        yield path[:-1]


def texts(value):
    """Every scalar in a value, as often as it is there."""
    if isinstance(value, dict):
        for child in value.values():
            yield from texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child)
    elif value not in (None, ""):
        yield json.dumps(value)


def shape(event):
    trees = {"unmapped", "data"}
    paths = sorted({p for p in leaves(event) if not trees & set(p.split("."))})
    return event["type_uid"], event["actor"]["user"]["type"] if "user" in event.get("actor", {}) else "", tuple(paths)


def check_ocsf(mhpipe, path, schemas, seen):
    records = originals(mhpipe, path)
    events, errors = convert(mhpipe, path, ["{type: ocsf}"])
    failures = []
    for event in events:
        uid = event["metadata"].get("uid", "?")
        failures += [f"{uid} 1.1.0 {m}" for m in schemas[0].mistakes(event)]
        # Another version differs by what there is, not by its values, so one event of each shape is enough.
        if shape(event) in seen:
            continue
        seen.add(shape(event))
        for schema in schemas[1:]:
            event["metadata"]["version"] = schema.version
            failures += [f"{uid} {schema.version} {m}" for m in schema.mistakes(event)]
    # Nothing of a record is lost: times and booleans alone are written in another way.
    if len(events) == len(records):
        for record, event in zip(records, events):
            kept = set(texts(event))
            for text in set(texts(record)) - kept:
                if is_rewritten(text):
                    continue
                failures.append(f"{record.get('eventID')}: {text[:80]} is lost")
    return records, events, failures


def is_rewritten(text):
    value = json.loads(text)
    if isinstance(value, bool) or value in ("true", "false", "Yes", "No"):
        return True
    try:
        datetime.datetime.fromisoformat(value)
        return True
    except (TypeError, ValueError):
        return False


# ECS

def read_fields():
    fields = {}
    for line in (HERE / "fields.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, kind, *values = line.split()
            fields[name] = kind, values
    return fields


def fits(value, kind):
    match kind:
        case "keyword":
            return isinstance(value, (str, int, float, bool)) and value != ""
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, str) and datetime.datetime.fromisoformat(value).tzinfo is not None
        case "ip":
            return isinstance(value, str) and bool(ipaddress.ip_address(value))
        case "flattened":
            return isinstance(value, dict)
    raise AssertionError(kind)


def check_ecs(events, fields):
    failures = []

    def walk(value, path):
        if path in fields:
            kind, allowed = fields[path]
            values = value if kind.endswith("[]") else [value]
            if not isinstance(values, list) or not values or not all(fits(v, kind.removesuffix("[]")) for v in values):
                failures.append(f"{path}: {value!r} is no {kind}")
            elif allowed and not set(values) <= set(allowed):
                failures.append(f"{path}: {value!r} is none of {allowed}")
        elif isinstance(value, dict) and value:
            for key, child in value.items():
                walk(child, f"{path}.{key}" if path else key)
        elif path == "aws.cloudtrail.resources" and value:
            for child in value:
                for key, part in child.items():
                    walk(part, f"{path}.{key}")
        else:
            failures.append(f"{path}: no such field, with {str(value)[:60]!r}")

    for event in events:
        walk(event, "")
        missing = {"@timestamp", "event", "ecs", "aws"} - set(event)
        failures.extend(f"{key}: missing" for key in missing)
    return failures


# What Elastic's pipeline looks up in databases, or knows from the machine that ships the event, and `ecs` does not.
NOT_WRITTEN = [
    "event.original", "event.created", "tags", "source.geo", "source.as", "related.entity", "user_agent.name",
    "user_agent.version", "user_agent.device", "user_agent.os",
]


def without(event, path):
    keys = path.split(".")
    for key in keys[:-1]:
        event = event.get(key, {})
    event.pop(keys[-1], None)


def pruned(value):
    """Without objects and lists that are empty, and with numbers as numbers."""
    if isinstance(value, dict):
        parts = {key: pruned(child) for key, child in value.items()}
        return {key: child for key, child in parts.items() if child not in ({}, [])}
    return [pruned(child) for child in value] if isinstance(value, list) else value


def check_pairs(mhpipe, folder):
    failures, count = [], 0
    for log in sorted(folder.glob("*.log")):
        expected = json.loads((log.parent / (log.name + "-expected.json")).read_text())["expected"]
        lines = [line for line in log.read_text().splitlines() if line.strip()]
        if any("digestStartTime" in line or '"preview"' in line for line in lines):
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as copy:
            copy.write("\n".join(lines) + "\n")
            copy.flush()
            events, errors = convert(mhpipe, pathlib.Path(copy.name), ["{type: ecs}"])
        if len(events) != len(expected):
            failures.append(f"{log.name}: {len(events)} events, not {len(expected)}: {errors}")
            continue
        for number, (event, wanted) in enumerate(zip(events, expected)):
            count += 1
            for path in NOT_WRITTEN:
                without(wanted, path)
            event, wanted = pruned(event), pruned(wanted)
            for path in sorted(set(leaves(event)) | set(leaves(wanted))):
                got, want = find(event, path), find(wanted, path)
                if got != want:
                    failures.append(f"{log.name} {number}: {path} is {got!r}, not {want!r}")
    return failures, count


def find(value, path):
    for key in path.split("."):
        if isinstance(value, list):
            value = [element.get(key) if isinstance(element, dict) else None for element in value]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


def check_the_checks(mhpipe, schemas, fields):
    """Events that are wrong on purpose are found to be."""
    events, _ = convert(mhpipe, HERE / "cases.jsonl", ["{type: ocsf}"])
    for change in (
        lambda e: e.pop("cloud"), lambda e: e.update(colour="red"), lambda e: e.update(status="Good"),
        lambda e: e.update(time="now"), lambda e: e["src_endpoint"].update(ip="here"), lambda e: e.update(type_uid=1),
        lambda e: e["cloud"]["account"].update(type="Azure"), lambda e: e["metadata"]["product"].pop("vendor_name"),
    ):
        event = json.loads(json.dumps(events[0]))
        change(event)
        assert schemas[0].mistakes(event), "a wrong event passes"
    events, _ = convert(mhpipe, HERE / "cases.jsonl", ["{type: ecs}"])
    for change in (
        lambda e: e.update(colour="red"), lambda e: e["event"].update(type=["odd"]), lambda e: e["event"].update(type="info"),
        lambda e: e["source"].update(ip=1), lambda e: e["aws"]["cloudtrail"].update(read_only="no"), lambda e: e.pop("event"),
    ):
        event = json.loads(json.dumps(events[0]))
        change(event)
        assert check_ecs([event], fields), "a wrong document passes"


ODD = [None, "", "x", 7, -1.5e300, True, [], ["x", {}], {}, {"a": 1}, "\u0000\ud800\"", "é" * 70_000]


def mutations(record):
    """The record with each of its parts replaced by values that nobody expects there."""

    def replaced(value, keys, odd):
        if not keys:
            return odd
        if isinstance(value, list):
            return [replaced(e, keys[1:], odd) if i == keys[0] else e for i, e in enumerate(value)]
        return {key: replaced(child, keys[1:], odd) if key == keys[0] else child for key, child in value.items()}

    def paths(value, keys=()):
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, child in children:
            yield keys + (key,)
            yield from paths(child, keys + (key,))

    for number, keys in enumerate(paths(record)):
        # The long text is large, so it does not go everywhere.
        for odd in ODD if number % 7 == 0 else ODD[:-1]:
            yield replaced(record, keys, odd)


def check_mutations(mhpipe, schema, fields):
    failures = []
    cases = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "odd.jsonl")
        path.write_text("".join(json.dumps(odd) + "\n" for record in cases for odd in mutations(record)))
        events, _ = convert(mhpipe, path, ["{type: ocsf}"])
        shipped, _ = convert(mhpipe, path, ["{type: ecs}"])
    for event in events:
        failures += [f"ocsf {event['metadata'].get('uid')} {m}" for m in schema.mistakes(event)]
    return failures + [f"ecs {text}" for text in check_ecs(shipped, fields)], len(events)


def main():
    mhpipe = str(pathlib.Path(sys.argv[1]).resolve())
    folders = [ROOT / "pipelines" / "sample", HERE / "cases.jsonl"]
    shared = os.environ.get("MHPIPE_SHARED_DATA")
    if shared:
        folders += [pathlib.Path(shared, name) for name in PUBLIC]
    folders += [pathlib.Path(name).resolve() for name in sys.argv[2:]]

    schemas, fields, seen = [Schema(version) for version in VERSIONS], read_fields(), set()
    check_the_checks(mhpipe, schemas, fields)
    failures, total = [], 0
    for folder in folders:
        records, events, found = check_ocsf(mhpipe, folder, schemas, seen)
        failures += [f"ocsf {folder.name} {text}" for text in found]
        shipped, _ = convert(mhpipe, folder, ["{type: ecs}"])
        failures += [f"ecs {folder.name} {text}" for text in check_ecs(shipped, fields)]
        if len(shipped) != len(events):
            failures.append(f"{folder.name}: {len(events)} events in OCSF, {len(shipped)} in ECS")
        untimed = sum(not ({"eventTime", "timeWindow", "@timestamp"} & set(record)) for record in records)
        if len(events) + untimed != len(records):
            failures.append(f"{folder.name}: {len(records)} records, {untimed} without a time, {len(events)} events")
        total += len(events)
        print(f"{folder.name}: {len(records)} records, {len(events)} events in each format")
    found, count = check_mutations(mhpipe, schemas[0], fields)
    failures += [f"odd {text}" for text in found]
    print(f"{count} odd events in each format")
    pairs = os.environ.get("ECS_PAIRS")
    if pairs:
        found, count = check_pairs(mhpipe, pathlib.Path(pairs))
        failures += [f"pair {text}" for text in found]
        print(f"{count} events compared with what Elastic's pipeline makes of them")
    for text in failures[:40]:
        print("FAILED:", text)
    print(f"{total} events, {len(seen)} shapes in {len(VERSIONS)} versions of OCSF, {len(failures)} mistakes")
    sys.exit(1 if failures else 0)


main()

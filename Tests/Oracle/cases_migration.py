"""The Migration Hub family: every action, source and parameter (A11 to A23)."""

import itertools

from cases import Absent, compact, trail
from migration import ACTIONS, RESOURCES

VALUES = ("v-1", "", None, 5, True, [], {}, ["a", "b"], ["", None, "c"], [[], {}, 7])


def add(tree):
    sources(tree)
    parameters(tree)
    task_states(tree)
    reads(tree)


def write(tree, path, records, rule):
    lines = [compact(each) for each in records]
    tree.good(path, trail(lines), len(lines), rule)


def sources(tree):
    rows = []
    for service in ACTIONS.values():
        for action in service["actions"]:
            rows += [tree.event(eventSource=source, eventName=action) for source in service["sources"]]
            rows += [tree.event(eventSource=source, eventName=action) for source in ("", Absent, None, 5, [])]
    write(tree, "migration/every-action.json", rows, "A11, A12, A23")
    every = [source for service in ACTIONS.values() for source in service["sources"]]
    rows = []
    for source, action in itertools.product(every, ("Unheard", "GetHomeRegion", "GetWorkflow", "CreateApplication", "", Absent, 5)):
        rows.append(tree.event(eventSource=source, eventName=action))
    for source in every:
        for wrong in (source.upper(), source + ".", " " + source, source + ".cn", source.split(".")[0], source[1:], "x" + source):
            rows.append(tree.event(eventSource=wrong, eventName="ListMigrationTasks"))
    for action in ("listMigrationTasks", "ListMigrationTasks ", "CreateApplication", "TagResource", "Unheard", "", Absent):
        rows.append(tree.event(eventSource="", eventName=action))
    write(tree, "migration/sources.json", rows, "A11, A12")


def cased(name, how):
    return {"lower": name, "upper": name[:1].upper() + name[1:], "shout": name.upper(), "quiet": name.lower(), "odd": name.swapcase()}[how]


def parameters(tree):
    rows = []
    for service in ACTIONS.values():
        for action, facts in service["actions"].items():
            for how in ("lower", "upper", "shout", "quiet", "odd"):
                given = {cased(name, how): sample(name, how) for name in facts["parameters"]}
                rows.append(tree.event(eventSource=service["sources"][0], eventName=action, requestParameters=given))
    write(tree, "migration/parameters.json", rows, "parameter names, A14 to A17")
    rows = []
    for name, value, how in itertools.product(RESOURCES, VALUES, ("lower", "upper")):
        given = value
        for part in reversed(name.split(".")):
            given = {cased(part, how): given}
        rows.append(tree.event(eventName="Unheard", requestParameters={**given, "vpcId": "last"}))
    write(tree, "migration/resources.json", rows, "A15")
    rows = [tree.event(requestParameters={a.split(".")[0]: "first", b.split(".")[0]: "second"}) for a, b in zip(RESOURCES, RESOURCES[::-1])]
    shuffled = list(RESOURCES)
    tree.random.shuffle(shuffled)
    rows += [tree.event(requestParameters={a: "first", b: "second"}) for a, b in zip(shuffled, shuffled[1:])]
    write(tree, "migration/resource-order.json", rows, "A15")
    rows = []
    for name in ("dryRun", "progressUpdateStream", "progressUpdateStreamName", "migrationTaskName", "applicationId"):
        for value in (*VALUES, "true", "false", "True", False, True):
            rows.append(tree.event(eventName="ImportMigrationTask", requestParameters={name: value}))
    rows.append(tree.event(requestParameters={"progressUpdateStream": "", "progressUpdateStreamName": "second"}))
    rows.append(tree.event(requestParameters={"progressUpdateStream": 5, "progressUpdateStreamName": "second"}))
    rows.append(tree.event(requestParameters={"progressUpdateStreamName": "second", "ProgressUpdateStream": "first"}))
    rows.append(tree.event(requestParameters={"MigrationTaskName": "upper", "migrationTaskName": "lower", "migrationtaskname": "odd"}))
    rows.append(tree.event(requestParameters={"migrationtaskname": "odd", "MigrationTaskName": "upper"}))
    rows += [tree.event(requestParameters=value) for value in VALUES]
    write(tree, "migration/simple.json", rows, "A16, A17, parameter names")


def sample(name, how):
    """A value of the kind that the parameter holds."""
    if name == "dryRun":
        return True
    if name == "task":
        return {cased("status", how): "IN_PROGRESS", cased("progressPercent", how): 42, cased("statusDetail", how): "under way"}
    if name == "createdArtifact" or name == "sourceResource":
        return {cased("name", how): f"{name}-name", cased("description", how): "d"}
    if name == "discoveredResource":
        return {cased("configurationId", how): "d-server-1"}
    if name.endswith(("Ids", "Agents")):
        return ["", f"{name}-1", f"{name}-2"]
    if name.startswith("max") or name.endswith("Seconds"):
        return 0
    return f"{name} \"value\" é"


def task_states(tree):
    rows = []
    tasks = [
        {"status": "COMPLETED", "progressPercent": 100, "statusDetail": "done"},
        {"status": "", "statusDetail": ""},
        {"status": 5, "progressPercent": "50", "statusDetail": None},
        {"progressPercent": 0},
        {"progressPercent": None},
        {"Status": "FAILED", "ProgressPercent": 3, "STATUSDETAIL": "line\nbreak"},
        {"status": "lower", "Status": "upper"},
        {},
        None,
        "x",
        ["status"],
    ]
    for action in ("NotifyMigrationTaskState", "NotifyApplicationState", "ImportMigrationTask", "notifyMigrationTaskState"):
        for task in tasks:
            given = {"task": task, "status": "top", "statusDetail": "top", "progressPercent": 9, "applicationId": "d-application-1"}
            rows.append(tree.event(eventName=action, requestParameters=given))
            rows.append(tree.event(eventName=action, requestParameters={"Task": task}))
    lines = [compact(each) for each in rows]
    for number in ("1E2", "-0", "5.50", "1e400", "123456789012345678901", "0.1e-7"):
        line = compact(tree.event(eventName="NotifyMigrationTaskState", requestParameters={"task": {"progressPercent": "@"}}))
        lines.append(line.replace(b'"@"', number.encode()))
    tree.good("migration/task-states.json", trail(lines), len(lines), "A14")


def reads(tree):
    rows = []
    names = ("GetX", "ListX", "DescribeX", "BatchGetX", "BatchDeleteX", "Get", "getX", "PutX", "Batch", "xGet", "", Absent, 5)
    for name, given in itertools.product(names, (True, False, "true", "false", "", "maybe", None, 1, 0, [], Absent)):
        rows.append(tree.event(eventName=name, readOnly=given))
    write(tree, "migration/reads.json", rows, "A18")

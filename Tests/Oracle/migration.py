"""The `migration` of a record: whether it belongs to the Migration Hub family, and what it says (A11 to A23)."""

import json
import os

from identity import text
from jsontext import Number

KEPT = ("migrationhub", "config", "strategy", "orchestrator", "refactor-spaces", "journeys")
READS = ("Get", "List", "Describe", "BatchGet")
TASK_STATE, APPLICATION_STATE = "NotifyMigrationTaskState", "NotifyApplicationState"
RESOURCES = """
    resourceArn connectionArn identifier id routeIdentifier serviceIdentifier applicationIdentifier
    environmentIdentifier stepGroupId workflowId templateId applicationComponentId serverId assessmentId groupId
    createdArtifactName createdArtifact.name sourceResourceName sourceResource.name
    discoveredResource.configurationId configurationId resourceName controlId homeRegion taskId exportId
    applicationConfigurationId applicationIds configurationIds agentIds exportIds importTaskIds deleteAgents
    neighborConfigurationIds vpcId
""".split()

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "actions.json"), encoding="utf-8") as _file:
    ACTIONS = json.load(_file)

# The services around the family: `services: migration` keeps them as well, by the source alone.
AROUND = {
    **{f"{name}.amazonaws.com": name for name in ("mgn", "dms", "drs")},
    **{f"{name}.amazonaws.com": "transform" for name in ("transform", "application-transformation", "transform-custom", "transform-agents")},
}
SOURCES = {source: name for name, service in ACTIONS.items() if name != "config" for source in service["sources"]}
CONFIG_SOURCES = set(ACTIONS["config"]["sources"])
CONFIG_ACTIONS = set(ACTIONS["config"]["actions"])


def _services_by_action():
    found = {}
    for name, service in ACTIONS.items():
        for action, facts in service["actions"].items():
            for each in [action, *facts.get("aliases", [])]:
                found.setdefault(each, set()).add(name)
    return found


BY_ACTION = _services_by_action()


def service_of(source, action):
    """A11 and A12: the service by the exact source, else (no source) by a name that one service alone has."""
    if source is None:
        names = BY_ACTION.get(action, set())
        return next(iter(names)) if len(names) == 1 else None
    if source in CONFIG_SOURCES and (source not in SOURCES or action in CONFIG_ACTIONS):
        return "config"
    return SOURCES.get(source) or AROUND.get(source)


def parameter(parameters, name):
    """A parameter by its name as CloudTrail writes it, then with a capital, then in any case."""
    if not isinstance(parameters, dict):
        return None
    upper = name[:1].upper() + name[1:]
    for key in (name, upper):
        if key in parameters:
            return parameters[key]
    return next((value for key, value in parameters.items() if key.lower() == name.lower()), None)


def string_parameter(parameters, *path):
    value = parameters
    for name in path:
        value = parameter(value, name)
    return value if isinstance(value, str) and value else None


def resource_of(parameters):
    """A15."""
    for names in RESOURCES:
        value = parameters
        for name in names.split("."):
            value = parameter(value, name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each:
                return each
    return None


def truth(value):
    """A boolean, or the strings `true` and `false`."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def is_write(record, action):
    """A18."""
    read_only = truth(record.get("readOnly"))
    if read_only is not None:
        return not read_only
    return None if action is None else not action.startswith(READS)


def migration(record, services=KEPT):
    """The `migration` object, or None when the record is not of the services that are kept."""
    action = text(record, "eventName")
    service = service_of(text(record, "eventSource"), action)
    if service not in services:
        return None
    parameters = record.get("requestParameters")
    task = parameter(parameters, "task") if action == TASK_STATE else None
    percent = parameter(task, "progressPercent")
    status = string_parameter(task, "status")
    if action == APPLICATION_STATE:
        status = string_parameter(parameters, "status")
    found = {
        "service": service,
        "action": action,
        "write": is_write(record, action),
        "dryRun": truth(parameter(parameters, "dryRun")),
        "stream": string_parameter(parameters, "progressUpdateStream")
        or string_parameter(parameters, "progressUpdateStreamName"),
        "task": string_parameter(parameters, "migrationTaskName"),
        "application": string_parameter(parameters, "applicationId"),
        "status": status,
        "percent": percent if isinstance(percent, Number) else None,
        "statusDetail": string_parameter(task, "statusDetail"),
        "resource": resource_of(parameters),
    }
    return {key: value for key, value in found.items() if value is not None}

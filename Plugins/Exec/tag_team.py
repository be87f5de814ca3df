#!/usr/bin/env python3
"""Adds the team that owns the account of an event; a transform with options of its own."""

import mhpipe_exec as mhpipe


def begin(options):
    teams = options["teams"]
    owned_only = options.get("owned_only", False)
    for account in teams:
        if len(account) != 12 or not account.isdigit():
            raise mhpipe.Failure(f"'{account}' in 'teams' is no account id of 12 digits")

    def answer(event):
        account = event.get("recipientAccountId")
        if account is not None and not isinstance(account, str):
            raise mhpipe.Problem("recipientAccountId is no text")
        team = teams.get(account)
        if team is not None:
            return mhpipe.Added(team=team)
        return None if owned_only else mhpipe.SAME

    return answer


mhpipe.transform(
    "tag_team",
    "1.0",
    begin,
    options={
        "teams": {"type": "mapping", "required": True, "help": "The team of each account."},
        "owned_only": {"type": "boolean", "help": "Drops the events of accounts that no team owns."},
    },
)

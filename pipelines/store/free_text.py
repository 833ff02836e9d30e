"""Where in the store a resident's name or number could stand: every column of text, and what becomes of it.

Masking again goes through all that is masked; a test compares these lists with the schema.
"""

from typing import Final

from sqlalchemy import Column, Table

from pipelines.schema import (
    alerts,
    audit,
    brief_notes,
    brief_omissions,
    briefs,
    corrections,
    crawls,
    deliveries,
    hosts,
    instruction_states,
    instructions,
    issue_states,
    issues,
    posts,
    readings,
    refusals,
    runs,
    settings,
    source_settings,
    threads,
    topics,
)

# Where staff write, and may have quoted: masked as notes of theirs.
NOTES: Final = (
    (issue_states, "note"),
    (issue_states, "department"),
    (instructions, "text"),
    (instructions, "department"),
    (instruction_states, "note"),
    (brief_notes, "text"),
    (brief_omissions, "reason"),
    (alerts, "message"),
    (crawls, "message"),
    (deliveries, "message"),
    (refusals, "reason"),
)

# What pages, tables and staff call boards, agencies, places and topics.
NAMES: Final = ((threads, "board"), (posts, "agency"), (issues, "place"), (topics, "name"), (topics, "query"))

# Masked each in a way of its own: with its index and readings, with its files, by its kind.
OWN: Final = (
    (threads, "title"),
    (posts, "text"),
    (issues, "title"),
    (runs, "results"),
    (runs, "topic"),
    (audit, "subject"),
    (audit, "details"),
)

# Made of a text that is masked, and deleted with its readings when it is masked again.
DERIVED: Final = ((readings, "district"), (readings, "places"), (readings, "tokens"))

# No resident wrote these, nor anybody of one: keys and public addresses of pages, hashes, names of staff,
# of their addresses and sources, choices of closed lists, settings.
NEVER: Final[tuple[tuple[Table, tuple[str, ...]], ...]] = (
    (threads, ("source", "thread_key", "url")),
    (posts, ("post_key", "url", "text_hash", "quoted_post_key", "hidden", "voice")),
    (readings, ("model_version", "text_hash", "sentiment", "intent", "category", "category_detail")),
    (corrections, ("task", "label", "text_hash")),
    (issue_states, ("state", "staff")),
    (instructions, ("staff",)),
    (instruction_states, ("state", "staff")),
    (topics, ("staff",)),
    (runs, ("kind", "inputs_hash", "config_hash", "lexicon_hash", "model_version", "labels")),
    (briefs, ("kind", "state", "approved_by", "results_hash")),
    (brief_notes, ("staff",)),
    (brief_omissions, ("staff",)),
    (deliveries, ("channel", "recipient", "state", "outcome")),
    (alerts, ("kind", "cause", "source", "acknowledged_by")),
    (crawls, ("source", "state", "stats")),
    (source_settings, ("source", "times", "staff")),
    (refusals, ("url", "source", "thread_key", "post_key", "staff")),
    (audit, ("staff", "action")),
    (settings, ("name", "value")),
    (hosts, ("host", "holder")),
)


def decided() -> list[Column[object]]:
    """Every column that a decision was made on."""
    masked = [table.c[name] for table, name in (*NOTES, *NAMES, *OWN, *DERIVED)]
    return [*masked, *(table.c[name] for table, names in NEVER for name in names)]

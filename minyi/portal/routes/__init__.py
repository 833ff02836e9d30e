"""The portal's addresses: one file a page, with what is read there and what is written."""

from fastapi import FastAPI

from minyi.portal.routes import (
    approval,
    briefs,
    corrections,
    instructions,
    issues,
    jobs,
    method,
    sources,
    static,
    today,
    topics,
)

_PAGES = (
    today,
    briefs,
    issues,
    topics,
    sources,
    approval,
    instructions,
    corrections,
    method,
    jobs,
    static,
)


def add_to(app: FastAPI) -> None:
    """Give the application every page."""
    for page in _PAGES:
        app.include_router(page.router)

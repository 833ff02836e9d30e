"""Names of issues."""

from collections import defaultdict

import pytest

from analysis.titles import IssueNames


def test_an_issue_without_threads_here_has_no_name() -> None:
    """An instruction may be on an issue that the run has nothing of."""
    names = IssueNames(defaultdict(list), {7: "桥头路灯"})
    assert names.get(7) is None
    with pytest.raises(KeyError):
        names[7]

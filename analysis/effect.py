"""Did the answer help?"""

from analysis.posts import Posts
from analysis.results import Effect


def measure_effect(posts: Posts, control: Posts, key: str) -> Effect | None:
    """Before and after."""
    return None

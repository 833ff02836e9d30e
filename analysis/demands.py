"""What residents ask for, and which questions nobody has answered."""

from analysis.posts import Posts
from analysis.results import Demand


def find_demands(posts: Posts, key: str) -> tuple[Demand, ...]:
    """Demands and questions, grouped, the commonest first."""
    return ()

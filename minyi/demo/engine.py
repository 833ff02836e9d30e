"""What the two versions of Discuz! differ in, for whoever renders or routes their pages."""

from typing import Protocol

from minyi.demo import discuz_x34, discuz_x35


class Engine(Protocol):
    """A module that names the charset and writes the addresses of one version."""

    CHARSET: str
    GENERATOR: str

    def board_path(self, fid: int, page: int = 1) -> str: ...

    def thread_path(self, tid: int, page: int = 1, list_page: int = 1) -> str: ...

    def space_path(self, uid: int) -> str: ...


ENGINES: dict[str, Engine] = {"haiping": discuz_x35, "teahouse": discuz_x34}

"""Names and numbers to plant at the front door."""

import pytest

SECRETS = {
    "name": "欧阳翠花",
    "teacher": "鲁老师",
    "mobile": "13987654321",
    "id_card": "330602198803071216",
    "email": "cuihua.ouyang@example.com",
    "plate": "浙D6H327",
    "wechat": "ouyang_hua88",
    "author": "望海路小青年2003",
}


@pytest.fixture
def secrets() -> dict[str, str]:
    return SECRETS

"""deploy/: what the compose file promises, read as data; nothing is built here."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"
OURS = {"migrate", "api-server", "scheduler", "dag-processor", "worker"}


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_everything_that_is_needed_is_there(compose: Any) -> None:
    services = compose["services"]
    assert set(services) == OURS | {"postgres", "redis"}
    assert services["worker"]["deploy"]["replicas"] >= 2
    assert services["worker"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"], name


def test_every_image_has_a_version(compose: Any) -> None:
    images = [service["image"] for service in compose["services"].values()]
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-\w+)?", image) for image in images)
    base = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert base
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-\S+", image) for image in base)


def test_ports_are_on_loopback_and_the_stores_have_none(compose: Any) -> None:
    ports = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert [name for name in ports if ports[name]] == ["api-server"]
    assert all(port.startswith("127.0.0.1:") for port in ports["api-server"])
    assert compose["networks"]["inside"]["internal"] is True
    assert compose["services"]["postgres"]["networks"] == ["inside"]
    assert compose["services"]["redis"]["networks"] == ["inside"]


def test_no_secret_is_written_down(compose: Any) -> None:
    text = "".join(path.read_text() for path in (DEPLOY / "compose.yaml", DEPLOY / "Dockerfile"))
    assert not re.search(r"(?i)(password|secret_key|jwt_secret|fernet_key)\s*[:=]\s*\S", text)
    assert not re.search(r"://[^\s/]*:[^\s/]*@", text)
    assert all("secrets/minyi.env" in compose["services"][name]["env_file"] for name in OURS)
    assert "/secrets/" in (DEPLOY / ".gitignore").read_text().split()


def test_nothing_of_ours_is_root(compose: Any) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert service["user"] == "10001", name
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] is True, name
    assert re.search(r"^USER 10001$", (DEPLOY / "Dockerfile").read_text(), re.M)


def test_databases_are_migrated_before_anything_starts(compose: Any) -> None:
    services = compose["services"]
    script = services["migrate"]["command"][-1]
    assert "airflow db migrate" in script
    assert "minyi db upgrade" in script
    for name in OURS - {"migrate"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_workers_share_the_author_key_and_the_configuration(compose: Any) -> None:
    volumes = compose["services"]["worker"]["volumes"]
    assert "author-key:/keys" in volumes
    assert "./minyi.toml:/etc/minyi/minyi.toml:ro" in volumes
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "MINYI_AUTHOR_KEY_FILE=/keys/author.key" in dockerfile
    assert "-m 0700 /keys" in dockerfile
    named = {volume.split(":")[0] for volume in volumes if not volume.startswith(".")}
    assert named <= set(compose["volumes"])


def test_the_image_takes_what_exists_and_only_hashed_packages() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (.+) \S+$", text, re.M):
        for name in line.split():
            assert (DEPLOY.parent / name).exists(), name
    assert text.count("--require-hashes") == 2
    assert "--no-deps" in text


def test_secrets_are_made_once_for_their_owner(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = subprocess.run([DEPLOY / "make_secrets.sh", folder], capture_output=True, text=True, check=True)
    assert str(folder) in made.stdout
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "minyi.env").stat().st_mode & 0o077 == 0
    text = "".join(path.read_text() for path in folder.iterdir())
    values = re.findall(r"(?:PASSWORD|KEY|SECRET)=(\S+)", text)
    assert len(values) == len(set(values)) == 6
    assert all(len(value) >= 32 for value in values)
    again = subprocess.run([DEPLOY / "make_secrets.sh", folder], capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert text == "".join(path.read_text() for path in folder.iterdir())


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda script: script.name)
def test_scripts_are_well_formed(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    assert script.stat().st_mode & 0o111

"""Four users of the demo's Airflow, one a role, with new passwords, printed once.

Run with AIRFLOW_HOME set; users that exist get a new password.
"""

import os
import secrets

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow logs to standard output

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder  # noqa: E402

USERS = (
    ("leader", "Viewer", "看简报"),
    ("staff", "User", "管采集、审定、交办"),
    ("analyst", "Op", "另可改专题、做校正"),
    ("admin", "Admin", "全部"),
)


def create_users() -> list[str]:
    """Create or renew the users and let leaders see the portal; one line a user."""
    lines = []
    with get_application_builder() as builder:
        manager = builder.sm
        plugins = manager.create_permission("can_read", "Plugins")
        manager.add_permission_to_role(manager.find_role("Viewer"), plugins)
        for name, role, may in USERS:
            password = secrets.token_urlsafe(9)
            user = manager.find_user(name)
            if user is None:
                manager.add_user(name, name, "demo", f"{name}@example.org", manager.find_role(role), password)
            else:
                manager.reset_password(user.id, password)
            lines.append(f"{name:<10}{password:<16}{role:<8}{may}")
    return lines


if __name__ == "__main__":
    answers.write("\n".join(create_users()))

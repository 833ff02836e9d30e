"""Sending briefs: folders, e-mail, chat groups.  `deliver_brief` is the door."""

from minyi.delivery.dispatch import Delivered, deliver_brief

__all__ = ["Delivered", "deliver_brief"]

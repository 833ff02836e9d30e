"""Sending briefs: folders, e-mail, chat groups.  `deliver_brief` is the door."""

from minyi.delivery.dispatch import CHANNELS, Delivered, deliver_brief

__all__ = ["CHANNELS", "Delivered", "deliver_brief"]

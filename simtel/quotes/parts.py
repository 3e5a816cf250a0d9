"""What a part of a quote is: the device profile that its words mean, and how a site counts it."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from simtel.profiles.device import Profile
from simtel.profiles.site import KINDS_OF

# Words that quotes use beside the names and aliases of the profiles; the longest that fits decides.
WORDS: dict[str, tuple[str, ...]] = {
    "licence-core-channel": ("核心交换", "交换模块", "core switching", "core channel", "switching module"),
    "licence-agent": (
        "坐席模块",
        "座席模块",
        "坐席授权",
        "座席授权",
        "坐席许可",
        "agent module",
        "agent licen",
        "seat licen",
    ),
    "licence-outbound": ("外拨", "外呼", "自动拨号", "outbound", "dialling module", "predictive"),
    "licence-recording": ("录音", "recording"),
    "loop-module-4": ("环路中继", "模拟中继", "analog loop", "analog trunk"),
    "e1-module-1": ("1e1", "数字中继ip模块", "数字中继模块", "digital trunk"),
    "adapter-24": ("接口适配器", "座席适配器", "坐席适配器", "interface adapter", "seat adapter"),
    "headset": ("耳机", "耳麦", "headset"),
    "crm-server": ("crm",),
    "lts-2000": ("软交换服务器", "核心服务器", "core server", "softswitch server"),
    "softphone-pc": ("坐席电脑", "话务台电脑", "agent pc"),
}
MODULES = ("e1-module-1",)  # E1 gateways that are boards: they need a platform or a server to sit in
PLATFORM = "platform"  # kind of device that is what a reading says it is
_PORTS = ("ports.spans", "ports.stations")
LICENCE = "licence-"  # begins the id of a licence; what follows is its name in a site


def part_of(text: str, profiles: Mapping[str, Profile]) -> str:
    """The id of the profile that a quote's words mean; empty where none or more than one fits equally well."""
    words = _folded(text)
    fits: dict[int, set[str]] = {}
    for name, profile in profiles.items():
        for known in (name, *profile.name.values(), *profile.aliases, *WORDS.get(name, ())):
            if len(known) > 1 and _folded(known) in words:
                fits.setdefault(len(_folded(known)), set()).add(name)
    best = fits[max(fits)] if fits else set()
    return best.pop() if len(best) == 1 else ""


def ports(profile: Profile) -> int:
    """E1 ports of a gateway, stations of a board; 0 of what has neither."""
    return next((int(profile.figures[path].value) for path in _PORTS if path in profile.figures), 0)


def role_of(profile: Profile) -> str:
    """The role of a site that a device fills; empty for what steers nothing there."""
    return next((role for role, kinds in KINDS_OF.items() if profile.kind in kinds), "")


@lru_cache(4096)
def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())

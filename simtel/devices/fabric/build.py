"""The fabric that a call server has, made from its figures."""

from simtel.devices.fabric.clos import Clos
from simtel.devices.fabric.fabric import Fabric, Figures, Interchange, Packets
from simtel.devices.fabric.interchange import TimeslotInterchange
from simtel.devices.fabric.packets import PacketCore


def build(figures: Figures) -> Fabric:
    """An empty fabric."""
    if isinstance(figures, Packets):
        return PacketCore(figures)
    return TimeslotInterchange(figures) if isinstance(figures, Interchange) else Clos(figures)
